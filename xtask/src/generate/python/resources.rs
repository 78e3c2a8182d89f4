//! The module of a resource: its calls, and the classes of both clients.

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
    for flavour in [Flavour::Sync, Flavour::Async] {
        classes.push_str(&class(resource, filters, flavour));
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
    let of = |names: &[&str]| names.iter().copied().filter(|name| uses(name)).collect::<Vec<_>>().join(", ");
    let mut typing = String::new();
    if uses("builtins") {
        typing.push_str("    import builtins\n");
    }
    for (module, names) in [
        ("collections.abc", &["Iterable", "Mapping"][..]),
        ("datetime", &["date", "datetime"]),
        ("typing", &["Any"]),
        ("uuid", &["UUID"]),
    ] {
        let names = of(names);
        if !names.is_empty() {
            typing.push_str(&format!("    from {module} import {names}\n"));
        }
    }
    if uses("Unpack") {
        typing.push_str("\n    from typing_extensions import Unpack\n");
    }
    let mut own = String::new();
    // The values of enumerations are checked when the program runs.
    let checks_enums = text.contains("OneOf(enums.");
    let typed_enums: &[&str] = if checks_enums { &[] } else { &["enums"] };
    for (module, names) in
        [("..._types", &["NotGiven"][..]), ("...filters", &["Condition"]), ("..", typed_enums)]
    {
        let names = of(names);
        if !names.is_empty() {
            own.push_str(&format!("    from {module} import {names}\n"));
        }
    }
    let mut kinds = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find("Unpack[") {
        rest = &rest[at + "Unpack[".len()..];
        kinds.insert(rest.split(']').next().unwrap_or_default());
    }
    if !kinds.is_empty() {
        own.push_str(&format!(
            "    from ..fields import {}\n",
            kinds.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    let mut out = String::from("from typing import TYPE_CHECKING\n\n");
    let modules: Vec<&str> = [("_fields as read", "read"), ("_write as write", "write")]
        .into_iter()
        .filter_map(|(import, name)| uses(name).then_some(import))
        .collect();
    if !modules.is_empty() {
        out.push_str(&format!("from ... import {}\n", modules.join(", ")));
    }
    let callers = of(&["Call", "body", "path", "query", "whole"]);
    if !callers.is_empty() {
        out.push_str(&format!("from ..._call import {callers}\n"));
    }
    let listings = of(&["AsyncListing", "AsyncWholeListing", "Listing", "WholeListing"]);
    if !listings.is_empty() {
        out.push_str(&format!("from ..._listing import {listings}\n"));
    }
    out.push_str("from ..._resource import AsyncResource, Resource\n");
    if uses("NOT_GIVEN") {
        out.push_str("from ..._types import NOT_GIVEN\n");
    }
    let generated = of(if checks_enums { &["enums", "inputs", "models"] } else { &["inputs", "models"] });
    if !generated.is_empty() {
        out.push_str(&format!("from .. import {generated}\n"));
    }
    if !typing.is_empty() || !own.is_empty() {
        let gap = if typing.is_empty() || own.is_empty() { "" } else { "\n" };
        out.push_str(&format!("\nif TYPE_CHECKING:\n{typing}{gap}{own}"));
    } else {
        out = out.replace("from typing import TYPE_CHECKING\n\n", "");
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavour {
    Sync,
    Async,
}

fn constant_name(operation: &Operation) -> String {
    format!("_{}", operation.method.to_shouty_snake_case())
}

/// The description of a call: where its arguments go, and what reads its answer.
fn constant(operation: &Operation) -> String {
    let reader = match operation.kind {
        Kind::Whole => operation.answer.ty.clone(),
        _ => operation.answer.reader.clone(),
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
            true => format!("write.Nullable({})", argument.input.writer),
            false => argument.input.writer.clone(),
        };
        let wire = if argument.place == Place::Whole {
            String::new()
        } else {
            format!("{}, ", text::literal(&argument.wire))
        };
        let needed = if argument.required && argument.place != Place::Path { ", needed=True" } else { "" };
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
    call(&format!("{} = Call", constant_name(operation)), &parts, &tail, 0)
}

fn class(resource: &Resource, filters: &[fields::Listing], flavour: Flavour) -> String {
    let (prefix, base) = match flavour {
        Flavour::Sync => ("", "Resource"),
        Flavour::Async => ("Async", "AsyncResource"),
    };
    let mut out = format!("\n\nclass {prefix}{}({base}):\n", resource.class);
    let doc = format!("{}: ``client.{}``.", resource.doc.trim_end_matches('.'), resource.attribute);
    out.push_str(&docstring(&wrapped(&doc, 4), 4));
    out.push_str("\n    __slots__ = ()\n");
    for operation in &resource.operations {
        out.push('\n');
        match &operation.kind {
            Kind::Call | Kind::Whole => out.push_str(&method(resource, operation, flavour)),
            Kind::Listing { fields, ordered } => {
                let filter =
                    fields.as_ref().and_then(|name| filters.iter().find(|known| known.resource == *name));
                out.push_str(&listing(resource, operation, filter, *ordered, flavour));
            }
        }
    }
    out
}

fn method(resource: &Resource, operation: &Operation, flavour: Flavour) -> String {
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
    let prefix = if flavour == Flavour::Async { "Async" } else { "" };
    let head = match flavour {
        Flavour::Async if !is_whole => format!("async def {}", operation.method),
        _ => format!("def {}", operation.method),
    };
    let row = &operation.answer.ty;
    let answer = if is_whole { format!("{prefix}Listing[{row}]") } else { row.clone() };
    let mut out = call(&head, &parts, &format!(" -> {answer}:"), 4);
    out.push_str(&docstring(&method_doc(resource, operation, flavour), 8));
    let mut given = vec![constant_name(operation)];
    given.extend(arguments.iter().map(|argument| format!("{0}={0}", argument.name)));
    if is_whole {
        given.splice(..0, ["self._client".to_owned(), row.clone()]);
        return out + &call(&format!("return {prefix}WholeListing"), &given, "", 8);
    }
    let run = match (flavour, operation.answer.ty.as_str()) {
        (Flavour::Sync, "None") => "self._run",
        (Flavour::Async, "None") => "await self._run",
        (Flavour::Sync, _) => "return self._run",
        (Flavour::Async, _) => "return await self._run",
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

fn method_doc(resource: &Resource, operation: &Operation, flavour: Flavour) -> Vec<String> {
    let mut lines = vec![format!("{} (``{}``).", operation.summary, operation.id)];
    if !operation.description.is_empty() {
        lines.push(String::new());
        lines.extend(wrapped(&prose(&operation.description), 8));
    }
    if matches!(operation.kind, Kind::Whole) {
        lines.extend([String::new(), "Nothing is sent until it is read, and it comes at once.".to_owned()]);
    }
    let arguments = &operation.arguments.list;
    if !arguments.is_empty() {
        lines.extend([String::new(), "Args:".to_owned()]);
        for argument in arguments {
            let mut said = argument.doc.trim().replace('\n', " ");
            if said.is_empty() {
                said = format!("Value of `{}`.", argument.wire);
            }
            if argument.wire != argument.name && argument.place == Place::Body {
                said = format!("{} Sent as `{}`.", said.trim_end(), argument.wire);
            }
            if argument.nullable {
                said = format!("{} `None` sends null.", said.trim_end());
            }
            let text = format!("{}: {}", argument.name, prose(&said));
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
            let word = if flavour == Flavour::Async { "async for" } else { "for" };
            let given = example(operation).join(", ");
            lines.push(format!(
                "    {word} row in client.{}.{}({given}):",
                resource.attribute, operation.method
            ));
            lines.push("        print(row)".to_owned());
            return lines;
        }
        let wait = if flavour == Flavour::Async { "await " } else { "" };
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
        (true, ..) => Some("nothing would change, or an argument that the API cannot take; nothing is sent."),
        (_, false, _) => {
            Some("too little is given, or an argument that the API cannot take; nothing is sent.")
        }
        (_, _, false) => Some("an argument that the API cannot take; nothing is sent."),
        _ => None,
    };
    if let Some(wrong) = wrong {
        lines.push(format!("    InvalidInputError: {wrong}"));
    }
    let has = |status: &str| operation.statuses.iter().any(|known| known == status);
    let named = arguments.list.iter().any(|argument| argument.place == Place::Path);
    if has("402") {
        lines.push("    OutOfCreditsError: the team has no credits left.".to_owned());
    }
    if named || has("404") {
        lines.push("    NotFoundError: there is no such thing, or not for this key.".to_owned());
    }
    if has("422") || arguments.list.iter().any(|argument| argument.place != Place::Path) {
        lines.push("    ValidationError: the API refuses it; ``fields`` says why.".to_owned());
    }
    if operation.acts {
        lines.push("    UnknownOutcomeError: the answer was lost, and it may have been done.".to_owned());
    }
    lines.push("    GrinfiError: what any call can come to.".to_owned());
    lines
}

/// The arguments of an example: what must be given, and what the description gives an example of.
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
            // `object` is something else in Python.
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
    flavour: Flavour,
) -> String {
    let mut parts = vec!["self".to_owned()];
    parts.push(match filter {
        Some(_) => "*conditions: Condition | Mapping[str, Any]".to_owned(),
        None => "*".to_owned(),
    });
    if ordered {
        parts.push("order_by: str | None = None".to_owned());
    }
    parts.extend(["limit: int = 100", "offset: int = 0", "max_items: int | None = None"].map(str::to_owned));
    if let Some(filter) = filter {
        parts.push(format!("**fields: Unpack[{}]", filter.class));
    }
    let class = match flavour {
        Flavour::Sync => "Listing",
        Flavour::Async => "AsyncListing",
    };
    let row = &operation.answer.ty;
    let mut out = call(&format!("def {}", operation.method), &parts, &format!(" -> {class}[{row}]:"), 4);
    out.push_str(&docstring(&listing_doc(resource, operation, filter, ordered, flavour), 8));
    let mut given = vec!["self._client".to_owned(), row.clone(), text::literal(&operation.id)];
    given.push(if filter.is_some() { "conditions" } else { "()" }.to_owned());
    given.push(if filter.is_some() { "fields" } else { "{}" }.to_owned());
    given.push(format!("order_by={}", if ordered { "order_by" } else { "None" }));
    given.extend(["limit=limit", "offset=offset", "max_items=max_items"].map(str::to_owned));
    out + &call(&format!("return {class}"), &given, "", 8)
}

fn listing_doc(
    resource: &Resource,
    operation: &Operation,
    filter: Option<&fields::Listing>,
    ordered: bool,
    flavour: Flavour,
) -> Vec<String> {
    let mut lines = vec![format!("{} (``{}``).", operation.summary, operation.id), String::new()];
    lines.push("Nothing is sent until it is read, and all pages are read as they are needed.".to_owned());
    // Elsewhere the whole description of the operation is in the docstring.
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
            "conditions: Conditions from :data:`grinfi.F`, or dicts in the spelling of the API; all must hold.",
        );
    }
    if ordered {
        argument(
            "order_by: A column, `\"created_at\"`; with a minus, `\"-created_at\"`, from the largest or newest.",
        );
    }
    argument("limit: The page size, not the number of rows in all.");
    argument("offset: How many rows to leave out at the start.");
    argument("max_items: How many rows to hand out at the most.");
    if let Some(filter) = filter {
        let names: Vec<String> = filter.fields.iter().map(|field| format!("`{}`", field.name)).collect();
        argument(&format!("fields: {}: a value, or a list of values.", names.join(", ")));
    }
    lines.extend([
        String::new(),
        "Raises:".to_owned(),
        "    InvalidInputError: a field, order or page size that the API does not have; nothing is sent."
            .to_owned(),
        String::new(),
        "Example::".to_owned(),
        String::new(),
    ]);
    let word = if flavour == Flavour::Async { "async for" } else { "for" };
    lines.push(format!("    {word} row in client.{}.{}():", resource.attribute, operation.method));
    lines.push("        print(row)".to_owned());
    lines
}
