//! What of a call that takes several requests took effect.

/// What of a call took effect before one of its requests failed, in words that hold ids and names of fields but no values.
///
/// The failure itself is the error's source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartlyDone {
    /// What took effect, in the order in which it was done.
    pub done: Vec<String>,
    /// What failed. If the source is an [unknown outcome](crate::Error::is_unknown_outcome), it may have taken effect all the
    /// same.
    pub failed: String,
    /// What was not tried any more.
    pub left: Vec<String>,
}
