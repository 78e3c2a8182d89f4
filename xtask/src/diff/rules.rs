//! What a change means for a client that was made from the older description: one table, a row for each kind of change, a
//! column for each direction, each cell with its reason.

use serde::Serialize;

/// What a change does to a client. Ordered: the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The client notices nothing.
    Neutral,
    /// The client goes on as before, and could do more.
    Additive,
    /// The client can fail, or lose something it had.
    Breaking,
}

/// Which way the thing travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
}

/// A cell of the table.
pub type Cell = (Verdict, &'static str);

use Verdict::{Additive, Breaking, Neutral};

/// Makes the kinds and the table in one go, so that a kind without a row does not compile.
macro_rules! kinds {
    ($( $(#[$doc:meta])* $kind:ident $words:literal, request: $request:expr, response: $response:expr; )*) => {
        /// What sort of change it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind { $( $(#[$doc])* $kind, )* }

        impl Kind {
            /// Every kind there is.
            #[cfg(test)]
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// The kind in words.
            pub fn words(self) -> &'static str {
                match self { $(Kind::$kind => $words,)* }
            }

            /// The verdict on this kind of change in what travels that way, and why.
            pub fn judge(self, direction: Direction) -> Cell {
                match (self, direction) {
                    $( (Kind::$kind, Direction::Request) => $request,
                       (Kind::$kind, Direction::Response) => $response, )*
                }
            }
        }
    };
}

/// For what has no direction: the same either way.
const NAMES: Cell = (Neutral, "the wire stays as it is; a name in generated code changes");

kinds! {
    // --- the document ---------------------------------------------------------------------------------------------
    /// Another base URL, or one less.
    ServerChanged "server changed",
        request: (Breaking, "a client with the old address reaches another server or none"),
        response: (Neutral, "answers do not depend on it");
    /// Another way to prove who one is.
    SecurityChanged "security changed",
        request: (Breaking, "the credentials that were asked for are not the ones asked for now"),
        response: (Neutral, "answers do not depend on it");
    /// A component under another name.
    SchemaRenamed "schema renamed", request: NAMES, response: NAMES;
    /// A place that names another component of the same structure.
    SchemaReplaced "schema replaced by one that looks the same", request: NAMES, response: NAMES;

    // --- operations -----------------------------------------------------------------------------------------------
    /// A new operation.
    OperationAdded "operation added",
        request: (Additive, "there is more to call"), response: (Additive, "there is more to call");
    /// An operation that is gone.
    OperationRemoved "operation removed",
        request: (Breaking, "a client that calls it is refused"),
        response: (Breaking, "a client that calls it is refused");
    /// The same method and path under another `operationId`.
    OperationRenamed "operation renamed", request: NAMES, response: NAMES;
    /// The same `operationId` at another method or path.
    OperationMoved "operation moved",
        request: (Breaking, "a client calls it where it is no more"),
        response: (Breaking, "a client calls it where it is no more");
    /// Another name for a variable of the path.
    PathVariableRenamed "path variable renamed", request: NAMES, response: NAMES;
    /// Other tags.
    TagsChanged "tags changed",
        request: (Neutral, "tags only sort the documentation"),
        response: (Neutral, "tags only sort the documentation");
    /// Newly deprecated, or no longer.
    DeprecationChanged "deprecation changed",
        request: (Neutral, "it works as before"), response: (Neutral, "it works as before");

    // --- parameters and bodies ------------------------------------------------------------------------------------
    /// A parameter that may be given.
    ParameterAdded "optional parameter added",
        request: (Additive, "who does not send it is served as before"), response: (Neutral, "it is not answered");
    /// A parameter that must be given.
    RequiredParameterAdded "required parameter added",
        request: (Breaking, "a client that does not send it is refused"), response: (Neutral, "it is not answered");
    /// A parameter that is gone.
    ParameterRemoved "parameter removed",
        request: (Breaking, "who sends it is refused, or not heeded without a word"),
        response: (Neutral, "it is not answered");
    /// The same name in another part of the request.
    ParameterMoved "parameter moved",
        request: (Breaking, "it is sent where nobody looks for it"), response: (Neutral, "it is not answered");
    /// Now it must be given.
    ParameterRequired "parameter made required",
        request: (Breaking, "a client that leaves it out is refused"), response: (Neutral, "it is not answered");
    /// It need no longer be given.
    ParameterOptional "parameter made optional",
        request: (Additive, "who sends it is served as before"), response: (Neutral, "it is not answered");
    /// Another spelling on the wire.
    ParameterStyleChanged "parameter spelled otherwise",
        request: (Breaking, "the server does not read the old spelling"), response: (Neutral, "it is not answered");
    /// A body where there was none, that may be left out.
    BodyAdded "optional request body added",
        request: (Additive, "who does not send one is served as before"), response: (Neutral, "it is not answered");
    /// A body where there was none, that must be sent.
    RequiredBodyAdded "required request body added",
        request: (Breaking, "a client that sends none is refused"), response: (Neutral, "it is not answered");
    /// No body any more.
    BodyRemoved "request body removed",
        request: (Breaking, "what is said in it is not heeded"), response: (Neutral, "it is not answered");
    /// The body must be sent.
    BodyRequired "request body made required",
        request: (Breaking, "a client that sends none is refused"), response: (Neutral, "it is not answered");
    /// The body may be left out.
    BodyOptional "request body made optional",
        request: (Additive, "who sends one is served as before"), response: (Neutral, "it is not answered");
    /// One more media type.
    MediaTypeAdded "media type added",
        request: (Additive, "there is one more way to say it"),
        response: (Neutral, "it comes to those who ask for it");
    /// One media type less.
    MediaTypeRemoved "media type removed",
        request: (Breaking, "who sends it is refused"), response: (Breaking, "a client that reads it gets another");

    // --- responses ------------------------------------------------------------------------------------------------
    /// One more success, in a shape that another already has.
    SuccessAdded "success added",
        request: (Neutral, "it is not sent"),
        response: (Additive, "any 2XX in the known shape is read");
    /// One more success, in a shape of its own.
    OtherSuccessAdded "success of another shape added",
        request: (Neutral, "it is not sent"),
        response: (Breaking, "a client that knows one shape cannot read the other");
    /// One success less, and others remain.
    SuccessRemoved "success removed",
        request: (Neutral, "it is not sent"), response: (Neutral, "those that remain are read as before");
    /// The only success under another status.
    SuccessStatusChanged "status of the success changed",
        request: (Neutral, "it is not sent"), response: (Neutral, "any 2XX is read as the success");
    /// One more error.
    ErrorAdded "error added",
        request: (Neutral, "it is not sent"),
        response: (Neutral, "any 4XX and 5XX is read as an error, listed or not");
    /// One error less.
    ErrorRemoved "error removed",
        request: (Neutral, "it is not sent"),
        response: (Neutral, "any 4XX and 5XX is read as an error, listed or not");
    /// A body where there was none.
    AnswerAdded "body of the answer added",
        request: (Neutral, "it is not sent"), response: (Additive, "there is more to read");
    /// No body any more.
    AnswerRemoved "body of the answer removed",
        request: (Neutral, "it is not sent"), response: (Breaking, "a client that reads it finds nothing there");
    /// A header of an answer.
    HeaderAdded "header added",
        request: (Neutral, "it is not sent"), response: (Additive, "there is more to read");
    /// A header of an answer that is gone.
    HeaderRemoved "header removed",
        request: (Neutral, "it is not sent"), response: (Breaking, "a client that reads it finds nothing there");

    // --- schemas --------------------------------------------------------------------------------------------------
    /// A field that may be there.
    FieldAdded "field added",
        request: (Additive, "who does not send it is served as before"),
        response: (Additive, "there is more to read, and who does not know it passes over it");
    /// A field that must be there.
    RequiredFieldAdded "required field added",
        request: (Breaking, "a client that does not send it is refused"),
        response: (Additive, "there is more to read, and who does not know it passes over it");
    /// A field that is gone.
    FieldRemoved "field removed",
        request: (Breaking, "who sends it is refused, or not heeded without a word"),
        response: (Breaking, "a client that reads it finds nothing there");
    /// Now it must be there.
    FieldRequired "field made required",
        request: (Breaking, "a client that leaves it out is refused"),
        response: (Additive, "what could be missing always comes");
    /// It may now be missing.
    FieldOptional "field made optional",
        request: (Additive, "who sends it is served as before"),
        response: (Breaking, "a client that counts on it can find nothing there");
    /// Null is allowed.
    NullableAdded "made nullable",
        request: (Additive, "there is one more thing to say"),
        response: (Breaking, "a client that counts on a value can find null");
    /// Null is allowed where the field could be missing already.
    OptionalNullableAdded "optional field made nullable",
        request: (Additive, "there is one more thing to say"),
        response: (Additive, "what may be missing is read as missing when it is null");
    /// Null is not allowed any more.
    NullableRemoved "no longer nullable",
        request: (Breaking, "a client that sends null is refused"),
        response: (Additive, "what could be null always has a value");
    /// Another type altogether.
    Retyped "type changed",
        request: (Breaking, "the value that was sent is refused"),
        response: (Breaking, "a client cannot read the new type");
    /// A type that takes in the old one.
    Widened "type widened",
        request: (Additive, "the old values are still taken"),
        response: (Breaking, "a client can meet a value that its type does not hold");
    /// A type that the old one takes in.
    Narrowed "type narrowed",
        request: (Breaking, "some values that were taken are refused"),
        response: (Neutral, "every value that comes fits the old type");
    /// Another format.
    FormatChanged "format changed",
        request: (Breaking, "the value that was sent may be refused"),
        response: (Breaking, "the text may no longer be read as it was");
    /// A list of values where there was none.
    EnumIntroduced "limited to listed values",
        request: (Breaking, "a value that is not listed is refused"),
        response: (Neutral, "every value that comes fits the old type");
    /// No list of values any more.
    EnumDropped "no longer limited to listed values",
        request: (Additive, "the listed values are still taken"),
        response: (Additive, "enumerations are open: an unlisted value arrives as itself");
    /// One value more.
    EnumValueAdded "enum value added",
        request: (Additive, "there is one more value to send"),
        response: (Additive, "enumerations are open: an unlisted value arrives as itself");
    /// One value less.
    EnumValueRemoved "enum value removed",
        request: (Breaking, "who sends it is refused"), response: (Neutral, "it does not come any more");
    /// A tighter bound.
    BoundTightened "bound tightened",
        request: (Breaking, "some values that were taken are refused"),
        response: (Neutral, "every value that comes fits the old bound");
    /// A looser bound.
    BoundLoosened "bound loosened",
        request: (Additive, "the old values are still taken"),
        response: (Neutral, "bounds on answers are not relied on");
    /// A pattern or the like, of which it is hard to say whether it takes less.
    BoundChanged "bound changed",
        request: (Breaking, "some values that were taken may be refused"),
        response: (Neutral, "bounds on answers are not relied on");
    /// Another default.
    DefaultChanged "default changed",
        request: (Breaking, "who leaves it out gets something else"),
        response: (Neutral, "defaults do not stand in for answers");
    /// Unlisted fields are refused.
    ExtraFieldsRefused "unlisted fields refused",
        request: (Breaking, "who sends a field that is not listed is refused"),
        response: (Neutral, "fewer fields come, all of them listed");
    /// Unlisted fields are taken.
    ExtraFieldsTaken "unlisted fields taken",
        request: (Additive, "there is more to send"),
        response: (Additive, "there is more to read, and who does not know it passes over it");
    /// One more alternative.
    VariantAdded "alternative added",
        request: (Additive, "there is one more way to say it"),
        response: (Breaking, "a client that knows the old alternatives cannot read the new one");
    /// One alternative less.
    VariantRemoved "alternative removed",
        request: (Breaking, "who sends it is refused"), response: (Neutral, "it does not come any more");
    /// Another way to tell alternatives apart.
    DiscriminatorChanged "discriminator changed",
        request: (Breaking, "the server tells alternatives apart by what is not sent"),
        response: (Breaking, "a client tells alternatives apart by what does not come");
    /// Only answered, or only sent, and no longer both.
    AccessNarrowed "made read-only or write-only",
        request: (Breaking, "it is not taken, or not answered, any more"),
        response: (Breaking, "it is not taken, or not answered, any more");
    /// Both sent and answered now.
    AccessWidened "no longer read-only or write-only",
        request: (Additive, "it can be sent and read"), response: (Additive, "it can be sent and read");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_as_reviewed() {
        let mut text = String::new();
        for kind in Kind::ALL {
            let (request, response) = (kind.judge(Direction::Request), kind.judge(Direction::Response));
            assert!(!request.1.is_empty() && !response.1.is_empty());
            text.push_str(&format!("{:<44} {:<9?} {:?}\n", kind.words(), request.0, response.0));
        }
        insta::assert_snapshot!(text);
    }
}
