//! The effect of each kind of change on a client generated from the older description: one table with a row for each kind,
//! a column for each direction, and a reason in each cell.

use serde::Serialize;

/// The effect of a change on a client, ordered from harmless to breaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The client is not affected.
    Neutral,
    /// The client works as before, and the API offers more.
    Additive,
    /// The client can fail, or loses something it used.
    Breaking,
}

/// The direction in which data is sent.
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

/// Defines the kinds and the table together, so that a kind without a row does not compile.
macro_rules! kinds {
    ($( $(#[$doc:meta])* $kind:ident $words:literal, request: $request:expr, response: $response:expr; )*) => {
        /// The kind of a change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ChangeKind { $( $(#[$doc])* $kind, )* }

        impl ChangeKind {
            /// All kinds.
            #[cfg(test)]
            pub const ALL: &[ChangeKind] = &[$(ChangeKind::$kind),*];

            /// The kind in words.
            pub fn words(self) -> &'static str {
                match self { $(ChangeKind::$kind => $words,)* }
            }

            /// The verdict on this kind of change in a direction, and the reason.
            pub fn judge(self, direction: Direction) -> Cell {
                match (self, direction) {
                    $( (ChangeKind::$kind, Direction::Request) => $request,
                       (ChangeKind::$kind, Direction::Response) => $response, )*
                }
            }
        }
    };
}

/// For names, which have no direction.
const NAMES: Cell = (Neutral, "the wire stays as it is; a name in generated code changes");

kinds! {
    // --- the document ---------------------------------------------------------------------------------------------
    /// A base URL that changed or was removed.
    ServerChanged "server changed",
        request: (Breaking, "a client that uses the old address may not reach the server"),
        response: (Neutral, "responses do not depend on it");
    /// Another authentication scheme.
    SecurityChanged "security changed",
        request: (Breaking, "the old credentials are no longer accepted"),
        response: (Neutral, "responses do not depend on it");
    /// A component under another name.
    SchemaRenamed "schema renamed", request: NAMES, response: NAMES;
    /// A reference to another component of the same structure.
    SchemaReplaced "schema replaced by an identical one", request: NAMES, response: NAMES;

    // --- operations -----------------------------------------------------------------------------------------------
    /// A new operation.
    OperationAdded "operation added",
        request: (Additive, "there is more to call"), response: (Additive, "there is more to call");
    /// An operation that was removed.
    OperationRemoved "operation removed",
        request: (Breaking, "calling it fails"),
        response: (Breaking, "calling it fails");
    /// The same method and path under another `operationId`.
    OperationRenamed "operation renamed", request: NAMES, response: NAMES;
    /// The same `operationId` at another method or path.
    OperationMoved "operation moved",
        request: (Breaking, "the old method and path fail"),
        response: (Breaking, "the old method and path fail");
    /// Another name for a variable of the path.
    PathVariableRenamed "path variable renamed", request: NAMES, response: NAMES;
    /// Other tags.
    TagsChanged "tags changed",
        request: (Neutral, "tags only sort the documentation"),
        response: (Neutral, "tags only sort the documentation");
    /// Deprecated now, or no longer.
    DeprecationChanged "deprecation changed",
        request: (Neutral, "it works as before"), response: (Neutral, "it works as before");

    // --- parameters and bodies ------------------------------------------------------------------------------------
    /// A new optional parameter.
    ParameterAdded "optional parameter added",
        request: (Additive, "clients that do not send it work as before"), response: (Neutral, "it is not part of the response");
    /// A new required parameter.
    RequiredParameterAdded "required parameter added",
        request: (Breaking, "requests without it are rejected"), response: (Neutral, "it is not part of the response");
    /// A parameter that was removed.
    ParameterRemoved "parameter removed",
        request: (Breaking, "it is rejected or silently ignored"),
        response: (Neutral, "it is not part of the response");
    /// The same name in another part of the request.
    ParameterMoved "parameter moved",
        request: (Breaking, "it is ignored in its old location"), response: (Neutral, "it is not part of the response");
    /// An optional parameter is required now.
    ParameterRequired "parameter made required",
        request: (Breaking, "requests without it are rejected"), response: (Neutral, "it is not part of the response");
    /// A required parameter is optional now.
    ParameterOptional "parameter made optional",
        request: (Additive, "clients that send it work as before"), response: (Neutral, "it is not part of the response");
    /// Another serialization style.
    ParameterStyleChanged "parameter serialized differently",
        request: (Breaking, "the server does not parse the old style"), response: (Neutral, "it is not part of the response");
    /// A new optional body.
    BodyAdded "optional request body added",
        request: (Additive, "clients that do not send one work as before"), response: (Neutral, "it is not part of the response");
    /// A new required body.
    RequiredBodyAdded "required request body added",
        request: (Breaking, "requests without one are rejected"), response: (Neutral, "it is not part of the response");
    /// The body was removed.
    BodyRemoved "request body removed",
        request: (Breaking, "it is ignored"), response: (Neutral, "it is not part of the response");
    /// An optional body is required now.
    BodyRequired "request body made required",
        request: (Breaking, "requests without one are rejected"), response: (Neutral, "it is not part of the response");
    /// A required body is optional now.
    BodyOptional "request body made optional",
        request: (Additive, "clients that send one work as before"), response: (Neutral, "it is not part of the response");
    /// A new media type.
    MediaTypeAdded "media type added",
        request: (Additive, "clients can send another media type"),
        response: (Neutral, "it is returned only on request");
    /// A media type was removed.
    MediaTypeRemoved "media type removed",
        request: (Breaking, "it is rejected"), response: (Breaking, "responses have another media type");

    // --- responses ------------------------------------------------------------------------------------------------
    /// A new success response with the schema of another success response.
    SuccessAdded "success added",
        request: (Neutral, "it is not part of the request"),
        response: (Additive, "any 2XX with a known schema is decoded");
    /// A new success response with its own schema.
    OtherSuccessAdded "success with another schema added",
        request: (Neutral, "it is not part of the request"),
        response: (Breaking, "a client cannot decode the new schema");
    /// A success response was removed, and others remain.
    SuccessRemoved "success removed",
        request: (Neutral, "it is not part of the request"), response: (Neutral, "the others are decoded as before");
    /// The only success response has another status.
    SuccessStatusChanged "status of the success changed",
        request: (Neutral, "it is not part of the request"), response: (Neutral, "any 2XX is decoded as a success");
    /// A new error response.
    ErrorAdded "error added",
        request: (Neutral, "it is not part of the request"),
        response: (Neutral, "any 4XX and 5XX is an error, documented or not");
    /// An error response was removed.
    ErrorRemoved "error removed",
        request: (Neutral, "it is not part of the request"),
        response: (Neutral, "any 4XX and 5XX is an error, documented or not");
    /// A new response body.
    ResponseBodyAdded "response body added",
        request: (Neutral, "it is not part of the request"), response: (Additive, "there is more data");
    /// The response body was removed.
    ResponseBodyRemoved "response body removed",
        request: (Neutral, "it is not part of the request"), response: (Breaking, "a client that reads it finds no value");
    /// A new response header.
    HeaderAdded "header added",
        request: (Neutral, "it is not part of the request"), response: (Additive, "there is more data");
    /// A response header was removed.
    HeaderRemoved "header removed",
        request: (Neutral, "it is not part of the request"), response: (Breaking, "a client that reads it finds no value");

    // --- schemas --------------------------------------------------------------------------------------------------
    /// A new optional field.
    FieldAdded "field added",
        request: (Additive, "clients that do not send it work as before"),
        response: (Additive, "there is more data, and clients ignore unknown fields");
    /// A new required field.
    RequiredFieldAdded "required field added",
        request: (Breaking, "requests without it are rejected"),
        response: (Additive, "there is more data, and clients ignore unknown fields");
    /// A field that was removed.
    FieldRemoved "field removed",
        request: (Breaking, "it is rejected or silently ignored"),
        response: (Breaking, "a client that reads it finds no value");
    /// An optional field is required now.
    FieldRequired "field made required",
        request: (Breaking, "requests without it are rejected"),
        response: (Additive, "the field is always present");
    /// A required field is optional now.
    FieldOptional "field made optional",
        request: (Additive, "clients that send it work as before"),
        response: (Breaking, "a client that relies on it may find no value");
    /// Null is allowed now.
    NullableAdded "made nullable",
        request: (Additive, "clients can also send null"),
        response: (Breaking, "a client that relies on a value may find null");
    /// Null is allowed now for an optional field.
    OptionalNullableAdded "optional field made nullable",
        request: (Additive, "clients can also send null"),
        response: (Additive, "null is decoded like a missing field");
    /// Null is no longer allowed.
    NullableRemoved "no longer nullable",
        request: (Breaking, "null is rejected"),
        response: (Additive, "the field always has a value");
    /// A different type.
    Retyped "type changed",
        request: (Breaking, "the old value is rejected"),
        response: (Breaking, "a client cannot decode the new type");
    /// A type that includes the old one.
    Widened "type widened",
        request: (Additive, "the old values are still accepted"),
        response: (Breaking, "a client may receive a value that does not fit its type");
    /// A type that the old one includes.
    Narrowed "type narrowed",
        request: (Breaking, "some accepted values are rejected now"),
        response: (Neutral, "every value fits the old type");
    /// Another format.
    FormatChanged "format changed",
        request: (Breaking, "the old value may be rejected"),
        response: (Breaking, "the text may no longer parse");
    /// A list of values that did not exist before.
    EnumIntroduced "limited to listed values",
        request: (Breaking, "other values are rejected"),
        response: (Neutral, "every value fits the old type");
    /// The list of values was removed.
    EnumDropped "no longer limited to listed values",
        request: (Additive, "the listed values are still taken"),
        response: (Additive, "enumerations are open: unlisted values are kept");
    /// A new value.
    EnumValueAdded "enum value added",
        request: (Additive, "clients can send another value"),
        response: (Additive, "enumerations are open: unlisted values are kept");
    /// A value that was removed.
    EnumValueRemoved "enum value removed",
        request: (Breaking, "it is rejected"), response: (Neutral, "it is no longer returned");
    /// A tighter bound.
    BoundTightened "bound tightened",
        request: (Breaking, "some accepted values are rejected now"),
        response: (Neutral, "every value that comes fits the old bound");
    /// A looser bound.
    BoundLoosened "bound loosened",
        request: (Additive, "the old values are still accepted"),
        response: (Neutral, "bounds of responses are not checked");
    /// A changed pattern or other bound that cannot be compared.
    BoundChanged "bound changed",
        request: (Breaking, "some accepted values may be rejected now"),
        response: (Neutral, "bounds of responses are not checked");
    /// Another default.
    DefaultChanged "default changed",
        request: (Breaking, "clients that omit it get another value"),
        response: (Neutral, "defaults do not apply to responses");
    /// Unlisted fields are rejected now.
    ExtraFieldsRejected "unlisted fields rejected",
        request: (Breaking, "fields that are not listed are rejected"),
        response: (Neutral, "all fields are listed");
    /// Unlisted fields are accepted now.
    ExtraFieldsAccepted "unlisted fields accepted",
        request: (Additive, "clients can send more"),
        response: (Additive, "there is more data, and clients ignore unknown fields");
    /// A new alternative.
    VariantAdded "alternative added",
        request: (Additive, "clients can send another media type"),
        response: (Breaking, "a client cannot decode the new alternative");
    /// An alternative that was removed.
    VariantRemoved "alternative removed",
        request: (Breaking, "it is rejected"), response: (Neutral, "it is no longer returned");
    /// Another discriminator.
    DiscriminatorChanged "discriminator changed",
        request: (Breaking, "the server needs a discriminator that is not sent"),
        response: (Breaking, "a client needs a discriminator that is not returned");
    /// Part of requests or of responses only, no longer of both.
    AccessNarrowed "made read-only or write-only",
        request: (Breaking, "it is no longer accepted or no longer returned"),
        response: (Breaking, "it is no longer accepted or no longer returned");
    /// Part of both requests and responses now.
    AccessWidened "no longer read-only or write-only",
        request: (Additive, "it can be sent and read"), response: (Additive, "it can be sent and read");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_match_the_reviewed_table() {
        let mut text = String::new();
        for kind in ChangeKind::ALL {
            let (request, response) = (kind.judge(Direction::Request), kind.judge(Direction::Response));
            assert!(!request.1.is_empty() && !response.1.is_empty());
            text.push_str(&format!("{:<44} {:<9?} {:?}\n", kind.words(), request.0, response.0));
        }
        insta::assert_snapshot!(text);
    }
}
