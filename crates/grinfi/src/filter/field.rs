//! A field, and the kinds of values that fields have: what it can be compared with, and how that is spelt.

use std::{fmt, marker::PhantomData};

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use serde_json::Value;

use super::{Filter, Test};

/// What the values of a field are, for values that arrive as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueKind {
    /// Texts, values of enumerations among them.
    Text,
    /// Ids.
    Id,
    /// Whole numbers.
    Number,
    /// Times with a zone.
    Time,
}

/// A kind of value that a field has.
pub trait Kind: 'static {
    /// The same for values that arrive as JSON.
    const KIND: ValueKind;
    /// What the field is compared with.
    type Value;
    /// The value as the API spells it.
    fn spell(value: Self::Value) -> Value;
}

/// A kind of value that has an order.
pub trait Ordered: Kind {}

/// Texts.
#[derive(Debug)]
pub struct Text;

impl Kind for Text {
    const KIND: ValueKind = ValueKind::Text;
    type Value = String;

    fn spell(value: String) -> Value {
        value.into()
    }
}

/// Ids of one sort.
#[derive(Debug)]
pub struct Id<I>(PhantomData<fn() -> I>);

impl<I: AsRef<str> + 'static> Kind for Id<I> {
    const KIND: ValueKind = ValueKind::Id;
    type Value = I;

    fn spell(value: I) -> Value {
        value.as_ref().into()
    }
}

/// Whole numbers.
#[derive(Debug)]
pub struct Number;

impl Kind for Number {
    const KIND: ValueKind = ValueKind::Number;
    type Value = i64;

    fn spell(value: i64) -> Value {
        value.into()
    }
}

impl Ordered for Number {}

/// Instants, sent in UTC with microseconds, as the API writes them.
#[derive(Debug)]
pub struct Time;

/// An instant in any time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(DateTime<Utc>);

impl<Tz: TimeZone> From<DateTime<Tz>> for Instant {
    fn from(value: DateTime<Tz>) -> Self {
        Self(value.with_timezone(&Utc))
    }
}

impl Kind for Time {
    const KIND: ValueKind = ValueKind::Time;
    type Value = Instant;

    fn spell(value: Instant) -> Value {
        value.0.to_rfc3339_opts(SecondsFormat::Micros, true).into()
    }
}

impl Ordered for Time {}

/// An open enumeration of the API.
#[derive(Debug)]
pub struct Enumeration<E>(PhantomData<fn() -> E>);

impl<E: AsRef<str> + 'static> Kind for Enumeration<E> {
    const KIND: ValueKind = ValueKind::Text;
    type Value = E;

    fn spell(value: E) -> Value {
        value.as_ref().into()
    }
}

/// A field of `R` whose values are of kind `K`.
pub struct Field<R, K> {
    name: &'static str,
    marker: PhantomData<fn() -> (R, K)>,
}

impl<R, K: Kind> Field<R, K> {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, marker: PhantomData }
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    fn compare(&self, operator: &'static str, value: impl Into<K::Value>) -> Filter<R> {
        Filter::one(self.name, Test::Compare(operator, K::spell(value.into())))
    }

    /// Equal to `value`.
    #[must_use]
    pub fn eq(&self, value: impl Into<K::Value>) -> Filter<R> {
        self.compare("=", value)
    }

    /// Different from `value`.
    #[must_use]
    pub fn ne(&self, value: impl Into<K::Value>) -> Filter<R> {
        self.compare("!=", value)
    }

    /// One of `values`.
    #[must_use]
    pub fn in_<V: Into<K::Value>>(&self, values: impl IntoIterator<Item = V>) -> Filter<R> {
        Filter::one(self.name, Test::In(values.into_iter().map(|value| K::spell(value.into())).collect()))
    }

    /// None of `values`. Records without a value do not match.
    #[must_use]
    pub fn not_in<V: Into<K::Value>>(&self, values: impl IntoIterator<Item = V>) -> Filter<R> {
        Filter::one(self.name, Test::NotIn(values.into_iter().map(|value| K::spell(value.into())).collect()))
    }

    /// Without a value.
    #[must_use]
    pub fn is_null(&self) -> Filter<R> {
        Filter::one(self.name, Test::Null(true))
    }

    /// With a value.
    #[must_use]
    pub fn is_not_null(&self) -> Filter<R> {
        Filter::one(self.name, Test::Null(false))
    }
}

impl<R, K: Ordered> Field<R, K> {
    /// Less than, or before, `value`.
    #[must_use]
    pub fn lt(&self, value: impl Into<K::Value>) -> Filter<R> {
        self.compare("<", value)
    }

    /// At most, or not after, `value`.
    #[must_use]
    pub fn le(&self, value: impl Into<K::Value>) -> Filter<R> {
        self.compare("<=", value)
    }

    /// Greater than, or after, `value`.
    #[must_use]
    pub fn gt(&self, value: impl Into<K::Value>) -> Filter<R> {
        self.compare(">", value)
    }

    /// At least, or not before, `value`.
    #[must_use]
    pub fn ge(&self, value: impl Into<K::Value>) -> Filter<R> {
        self.compare(">=", value)
    }

    /// From `low` up to but without `high`.
    #[must_use]
    pub fn between(&self, low: impl Into<K::Value>, high: impl Into<K::Value>) -> Filter<R> {
        self.ge(low) & self.lt(high)
    }
}

impl<R, K> fmt::Debug for Field<R, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.name).finish()
    }
}
