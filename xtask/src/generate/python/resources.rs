//! The module of a resource: its operations, and the classes of both clients.

use std::collections::BTreeSet;

use anyhow::Result;
use heck::ToShoutySnakeCase;

use super::{
    arguments::{Argument, Place},
    fields,
    surface::{Kind, Operation, Resource},
    text::{self, call, docstring, prose, wrapped},
};

/// The module of a resource.
pub fn render(resource: &Resource, filters: &[fields::Listing]) -> Result<String> {
    let mut calls = String::new();
    let is_call = |operation: &&Operation| matches!(operation.kind, Kind::Call | Kind::Whole);
    for operation in resource.operations.iter().filter(is_call) {
        calls.push_str(&constant(operation));
    }
    let mut classes = String::new();
    for mode in [Mode::Sync, Mode::Async] {
        classes.push_str(&class(resource, filters, mode));
    }
    let mut out = format!("\"\"\"{}\"\"\"\n\nfrom __future__ import annotations\n\n", resource.doc);
    out.push_str(&imports(&format!("{calls}{classes}")));
    out.push_str(&format!("\n__all__ = [\"Async{0}\", \"{0}\"]\n", resource.class));
    if !calls.is_empty() {
        out.push_str(&format!("\n{calls}"));
    }
    out.push_str(&classes);
    Ok(out)
}

/// The imports that a text needs, in order.
fn imports(text: &str) -> String {
    let uses = |word: &str| {
        let mut rest = text;
        while let Some(at) = rest.find(word) {
            let before = rest[..at].chars().next_back();
            let after = rest[at + word.len()..].chars().next();
            let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '`');
            if !part(before) && before != Some('.') && !part(after) {
                return true;
            }
            rest = &rest[at + word.len()..];
        }
        false
    };
    let mut out = String::new();
    if uses("builtins") {
        out.push_str("import builtins\n");
    }
    let groups: [&[(&str, &[&str])]; 2] = [
        &[
            ("collections.abc", &["Iterable", "Mapping"]),
            ("datetime", &["date", "datetime"]),
            ("typing", &["Any"]),
            ("uuid", &["UUID"]),
        ],
        &[
            ("..._async.listing", &["AsyncListing", "AsyncUnpagedListing"]),
            ("..._async.resource", &["AsyncResource"]),
            ("..._operation", &["Operation", "body", "path", "query", "whole"]),
            ("..._sync.listing", &["Listing", "UnpagedListing"]),
            ("..._sync.resource", &["Resource"]),
            ("..._typing", &["Unpack"]),
            ("..._validation", &["NOT_GIVEN", "NotGiven"]),
            ("...filters", &["Condition"]),
            ("..", &["enums", "inputs", "models"]),
        ],
    ];
    for (number, group) in groups.into_iter().enumerate() {
        if number == 1 {
            if !out.is_empty() {
                out.push('\n');
            }
            let modules: Vec<&str> =
                [("_encoders as encode", "encode"), ("_record_fields as decode", "decode")]
                    .into_iter()
                    .filter_map(|(import, name)| uses(name).then_some(import))
                    .collect();
            if !modules.is_empty() {
                out.push_str(&format!("from ... import {}\n", modules.join(", ")));
            }
        }
        for (module, names) in group {
            let names: Vec<&str> = names.iter().copied().filter(|name| uses(name)).collect();
            if !names.is_empty() {
                out.push_str(&format!("from {module} import {}\n", names.join(", ")));
            }
        }
    }
    let mut kinds = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find("Unpack[") {
        rest = &rest[at + "Unpack[".len()..];
        kinds.insert(rest.split(']').next().unwrap_or_default());
    }
    if !kinds.is_empty() {
        let kinds: Vec<&str> = kinds.into_iter().collect();
        out.push_str(&format!("from ..fields import {}\n", kinds.join(", ")));
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Sync,
    Async,
}

fn constant_name(operation: &Operation) -> String {
    operation.method.to_shouty_snake_case()
}

/// The constant for an operation: where its arguments are sent, and how its response is decoded.
fn constant(operation: &Operation) -> String {
    let reader = match operation.kind {
        Kind::Whole => operation.response.ty.clone(),
        _ => operation.response.reader.clone(),
    };
    let mut parts = vec![text::literal(&operation.id), reader];
    for argument in &operation.arguments.list {
        let place = match argument.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Body => "body",
            Place::Whole => "whole",
        };
        let writer = match argument.nullable {
            true => format!("encode.Nullable({})", argument.input.encoder),
            false => argument.input.encoder.clone(),
        };
        let wire = if argument.place == Place::Whole {
            String::new()
        } else {
            format!("{}, ", text::literal(&argument.wire))
        };
        let needed = if argument.required && argument.place != Place::Path { ", required=True" } else { "" };
        parts.push(format!("{}={place}({wire}{writer}{needed})", argument.name));
    }
    let mut tail = String::new();
    if !operation.arguments.groups.is_empty() {
        let groups = operation.arguments.groups.iter().map(|group| {
            let names: Vec<String> = group.iter().map(|name| text::literal(name)).collect();
            format!("[{}]", names.join(", "))
        });
        tail = format!(".one_of({})", groups.collect::<Vec<_>>().join(", "));
    } else if operation.arguments.changing {
        tail = ".changing()".to_owned();
    } else if operation.arguments.optional_body
        && operation.arguments.list.iter().any(|argument| argument.place == Place::Body)
    {
        tail = ".optional_body()".to_owned();
    }
    call(&format!("{} = Operation", constant_name(operation)), &parts, &tail, 0)
}

fn class(resource: &Resource, filters: &[fields::Listing], mode: Mode) -> String {
    let (prefix, base) = match mode {
        Mode::Sync => ("", "Resource"),
        Mode::Async => ("Async", "AsyncResource"),
    };
    let mut out = format!("\n\nclass {prefix}{}({base}):\n", resource.class);
    let doc = format!("{}: ``client.{}``.", resource.doc.trim_end_matches('.'), resource.attribute);
    out.push_str(&docstring(&wrapped(&doc, 4), 4));
    out.push_str("\n    __slots__ = ()\n");
    for operation in &resource.operations {
        out.push('\n');
        match &operation.kind {
            Kind::Call | Kind::Whole => out.push_str(&method(resource, operation, mode)),
            Kind::Listing { fields, ordered } => {
                let filter =
                    fields.as_ref().and_then(|name| filters.iter().find(|known| known.resource == *name));
                out.push_str(&listing(resource, operation, filter, *ordered, mode));
            }
        }
    }
    out
}

fn method(resource: &Resource, operation: &Operation, mode: Mode) -> String {
    let arguments = &operation.arguments.list;
    let mut parts = vec!["self".to_owned()];
    let (positional, keywords): (Vec<&Argument>, Vec<&Argument>) =
        arguments.iter().partition(|argument| argument.positional);
    parts.extend(positional.into_iter().map(parameter));
    if !keywords.is_empty() {
        parts.push("*".to_owned());
        parts.extend(keywords.into_iter().map(parameter));
    }
    let is_whole = matches!(operation.kind, Kind::Whole);
    let prefix = if mode == Mode::Async { "Async" } else { "" };
    let head = match mode {
        Mode::Async if !is_whole => format!("async def {}", operation.method),
        _ => format!("def {}", operation.method),
    };
    let row = &operation.response.ty;
    let response = if is_whole { format!("{prefix}Listing[{row}]") } else { row.clone() };
    let mut out = call(&head, &parts, &format!(" -> {response}:"), 4);
    out.push_str(&docstring(&method_doc(resource, operation, mode), 8));
    let mut given = vec![constant_name(operation)];
    given.extend(arguments.iter().map(|argument| format!("{0}={0}", argument.name)));
    if is_whole {
        given.splice(..0, ["self._client".to_owned(), row.clone()]);
        return out + &call(&format!("return {prefix}UnpagedListing"), &given, "", 8);
    }
    let run = match (mode, operation.response.ty.as_str()) {
        (Mode::Sync, "None") => "self._run",
        (Mode::Async, "None") => "await self._run",
        (Mode::Sync, _) => "return self._run",
        (Mode::Async, _) => "return await self._run",
    };
    out + &call(run, &given, "", 8)
}

fn parameter(argument: &Argument) -> String {
    let mut ty = argument.input.ty.clone();
    if argument.nullable {
        ty.push_str(" | None");
    }
    let name = &argument.name;
    match (&argument.default, argument.required) {
        (_, true) => format!("{name}: {ty}"),
        (Some(default), false) => format!("{name}: {ty} = {}", text::value(default)),
        (None, false) => format!("{name}: {ty} | NotGiven = NOT_GIVEN"),
    }
}

fn method_doc(resource: &Resource, operation: &Operation, mode: Mode) -> Vec<String> {
    let mut lines = vec![format!("{} (``{}``).", operation.summary, operation.id)];
    if !operation.description.is_empty() {
        lines.push(String::new());
        lines.extend(wrapped(&prose(&operation.description), 8));
    }
    if matches!(operation.kind, Kind::Whole) {
        lines.extend([
            String::new(),
            "The request is sent when the listing is read; all rows arrive at once.".to_owned(),
        ]);
    }
    let arguments = &operation.arguments.list;
    if !arguments.is_empty() {
        lines.extend([String::new(), "Args:".to_owned()]);
        for argument in arguments {
            let mut description = argument.doc.trim().replace('\n', " ");
            if description.is_empty() {
                description = format!("Value of `{}`.", argument.wire);
            }
            if argument.wire != argument.name && argument.place == Place::Body {
                description = format!("{} Sent as `{}`.", description.trim_end(), argument.wire);
            }
            if argument.nullable {
                description = format!("{} `None` sends null.", description.trim_end());
            }
            let text = format!("{}: {}", argument.name, prose(&description));
            for (index, line) in wrapped(&text, 16).into_iter().enumerate() {
                lines.push(format!("{}{line}", if index == 0 { "    " } else { "        " }));
            }
        }
    }
    lines.extend([String::new(), "Raises:".to_owned()]);
    lines.extend(raises(operation));
    if !operation.method.starts_with('_') {
        lines.extend([String::new(), "Example::".to_owned(), String::new()]);
        if matches!(operation.kind, Kind::Whole) {
            let word = if mode == Mode::Async { "async for" } else { "for" };
            let given = example(operation).join(", ");
            lines.push(format!(
                "    {word} row in client.{}.{}({given}):",
                resource.attribute, operation.method
            ));
            lines.push("        print(row)".to_owned());
            return lines;
        }
        let wait = if mode == Mode::Async { "await " } else { "" };
        let head = format!("{wait}client.{}.{}", resource.attribute, operation.method);
        let example = call(&head, &example(operation), "", 4);
        lines.extend(example.trim_end().lines().map(|line| line.replace('\\', "\\\\")));
    }
    lines
}

fn raises(operation: &Operation) -> Vec<String> {
    let mut lines = Vec::new();
    let arguments = &operation.arguments;
    let wrong = match (arguments.changing, arguments.groups.is_empty(), arguments.list.is_empty()) {
        (true, ..) => Some("no changes are given, or an argument is invalid. Nothing was sent."),
        (_, false, _) => Some("a required argument is missing, or an argument is invalid. Nothing was sent."),
        (_, _, false) => Some("an argument is invalid. Nothing was sent."),
        _ => None,
    };
    if let Some(wrong) = wrong {
        lines.push(format!("    InvalidInputError: {wrong}"));
    }
    let has = |status: &str| operation.statuses.iter().any(|known| known == status);
    let named = arguments.list.iter().any(|argument| argument.place == Place::Path);
    if has("402") {
        lines.push("    OutOfCreditsError: the team is out of credits.".to_owned());
    }
    if named || has("404") {
        lines.push(
            "    NotFoundError: the record does not exist, or the API key has no access to it.".to_owned(),
        );
    }
    if has("422") || arguments.list.iter().any(|argument| argument.place != Place::Path) {
        lines.push(
            "    ValidationError: the API rejects the request; ``fields`` contains the reasons.".to_owned(),
        );
    }
    if operation.acts {
        lines.push(
            "    UnknownOutcomeError: the response was lost, so the request may have been executed."
                .to_owned(),
        );
    }
    lines.push("    GrinfiError: any other error.".to_owned());
    lines
}

/// The arguments of an example: those that are required.
fn example(operation: &Operation) -> Vec<String> {
    let arguments = &operation.arguments;
    let group = arguments.groups.first();
    let mut parts = Vec::new();
    for argument in &arguments.list {
        let wanted = argument.required
            || group.is_some_and(|group| group.contains(&argument.name))
            || (arguments.changing && parts.len() < 2 && argument.place == Place::Body);
        if !wanted {
            continue;
        }
        let value = example_value(argument);
        parts.push(if argument.positional { value } else { format!("{}={value}", argument.name) });
    }
    parts
}

fn example_value(argument: &Argument) -> String {
    let ty = argument.input.ty.as_str();
    match (&argument.example, ty) {
        (_, "datetime") => "datetime(2026, 9, 1, 9, tzinfo=timezone.utc)".to_owned(),
        (Some(example), "bool") => {
            if *example == 0 || *example == false { "False" } else { "True" }.to_owned()
        }
        (Some(example), _) => text::example(example, 8),
        (None, "str | UUID") => match argument.name.as_str() {
            "uuid" => "\"02dcb6ac-9b15-49f6-8882-fbca91e986ab\"".to_owned(),
            // `object` is a built-in of Python.
            "object_uuid" => "contact.uuid".to_owned(),
            name => format!("{}.uuid", name.trim_end_matches("_uuid")),
        },
        (None, "int") => "1".to_owned(),
        (None, "bool") => "True".to_owned(),
        (None, ty) if ty.starts_with("Iterable[str | UUID]") => format!(
            "[{}.uuid]",
            argument
                .name
                .trim_end_matches("_uuids")
                .trim_end_matches("uuids")
                .replace("ids", "")
                .trim_matches('_')
        )
        .replace("[.uuid]", "[\"02dcb6ac-9b15-49f6-8882-fbca91e986ab\"]"),
        (None, ty) if ty.starts_with("Iterable") => "[…]".to_owned(),
        (None, ty) if ty.contains("Mapping") => "{…}".to_owned(),
        (None, ty) if ty.starts_with("enums.ObjectKind") => "\"lead\"".to_owned(),
        (None, ty) if ty.starts_with("date |") => "\"2026-02-03\"".to_owned(),
        (None, _) => "\"…\"".to_owned(),
    }
}

fn listing(
    resource: &Resource,
    operation: &Operation,
    filter: Option<&fields::Listing>,
    ordered: bool,
    mode: Mode,
) -> String {
    let mut parts = vec!["self".to_owned()];
    parts.push(match filter {
        Some(_) => "*conditions: Condition | Mapping[str, Any]".to_owned(),
        None => "*".to_owned(),
    });
    if ordered {
        parts.push("order_by: str | None = None".to_owned());
    }
    parts.extend(
        ["page_size: int = 100", "offset: int = 0", "max_items: int | None = None"].map(str::to_owned),
    );
    if let Some(filter) = filter {
        parts.push(format!("**fields: Unpack[{}]", filter.class));
    }
    let class = match mode {
        Mode::Sync => "Listing",
        Mode::Async => "AsyncListing",
    };
    let row = &operation.response.ty;
    let mut out = call(&format!("def {}", operation.method), &parts, &format!(" -> {class}[{row}]:"), 4);
    out.push_str(&docstring(&listing_doc(resource, operation, filter, ordered, mode), 8));
    let mut given = vec!["self._client".to_owned(), row.clone(), text::literal(&operation.id)];
    given.push(if filter.is_some() { "conditions" } else { "()" }.to_owned());
    given.push(if filter.is_some() { "fields" } else { "{}" }.to_owned());
    given.push(format!("order_by={}", if ordered { "order_by" } else { "None" }));
    given.extend(["page_size=page_size", "offset=offset", "max_items=max_items"].map(str::to_owned));
    out + &call(&format!("return {class}"), &given, "", 8)
}

fn listing_doc(
    resource: &Resource,
    operation: &Operation,
    filter: Option<&fields::Listing>,
    ordered: bool,
    mode: Mode,
) -> Vec<String> {
    let mut lines = vec![format!("{} (``{}``).", operation.summary, operation.id), String::new()];
    lines.push("Requests are sent when the listing is read, one for each page that is needed.".to_owned());
    // All other methods have the description of the operation in their docstring.
    if operation.undocumented {
        lines.push(String::new());
        lines.extend(wrapped(&prose(&operation.description), 8));
    }
    lines.extend([String::new(), "Args:".to_owned()]);
    let mut argument = |text: &str| {
        for (index, line) in wrapped(&prose(text), 16).into_iter().enumerate() {
            lines.push(format!("{}{line}", if index == 0 { "    " } else { "        " }));
        }
    };
    if filter.is_some() {
        argument(
            "conditions: Conditions from `grinfi.F`, or dicts in the format of the API; all must match.",
        );
    }
    if ordered {
        argument(
            "order_by: Field to sort by, for example `\"created_at\"`; a leading minus sorts in descending order.",
        );
    }
    argument("page_size: Number of rows per page.");
    argument("offset: Number of rows to skip.");
    argument("max_items: Maximum total number of rows.");
    if let Some(filter) = filter {
        let names: Vec<String> = filter.fields.iter().map(|field| format!("`{}`", field.name)).collect();
        argument(&format!("fields: {}: a value, or a list of values that match.", names.join(", ")));
    }
    lines.extend([
        String::new(),
        "Raises:".to_owned(),
        "    InvalidInputError: a field, an order or a page size is invalid. Nothing was sent.".to_owned(),
        String::new(),
        "Example::".to_owned(),
        String::new(),
    ]);
    let word = if mode == Mode::Async { "async for" } else { "for" };
    lines.push(format!("    {word} row in client.{}.{}():", resource.attribute, operation.method));
    lines.push("        print(row)".to_owned());
    lines
}
