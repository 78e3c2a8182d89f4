//! Compares two schemas.

use std::collections::{BTreeMap, HashSet, VecDeque};

use serde_json::Value;

use super::{
    change::{Changes, Location, Owner},
    rules::{ChangeKind, Direction},
    view::{BOUNDS, Extra, Tighter, View, reference, view},
};

/// Two schemas to compare.
struct Pair<'a> {
    direction: Direction,
    place: Location,
    old: &'a Value,
    new: &'a Value,
    /// Whether the field that they describe is optional.
    optional: bool,
}

/// Compares the schemas of two documents, breadth first, so that a change within a recursive schema is reported at its
/// shortest path.
pub struct Schemas<'a> {
    old_doc: &'a Value,
    new_doc: &'a Value,
    /// Components that are probably renamed, by their old names.
    renamed: BTreeMap<&'a str, &'a str>,
    seen: HashSet<(*const Value, *const Value, Direction, Owner)>,
    /// Pairs of components that are being compared, to end recursion.
    replacing: Vec<(&'a str, &'a str)>,
    open: VecDeque<Pair<'a>>,
}

impl<'a> Schemas<'a> {
    pub fn new(old_doc: &'a Value, new_doc: &'a Value) -> Self {
        Self {
            old_doc,
            new_doc,
            renamed: BTreeMap::new(),
            seen: HashSet::new(),
            replacing: Vec::new(),
            open: VecDeque::new(),
        }
    }

    /// Compares two schemas and everything below them.
    pub fn compare(
        &mut self,
        changes: &mut Changes,
        direction: Direction,
        place: &Location,
        old: &'a Value,
        new: &'a Value,
    ) {
        self.push(direction, place.clone(), (old, new), false);
        self.drain(changes);
    }

    fn push(
        &mut self,
        direction: Direction,
        place: Location,
        (old, new): (&'a Value, &'a Value),
        optional: bool,
    ) {
        self.open.push_back(Pair { direction, place, old, new, optional });
    }

    fn drain(&mut self, changes: &mut Changes) {
        while let Some(Pair { direction, place, old, new, optional }) = self.open.pop_front() {
            self.pair(changes, direction, &place, (old, new), optional);
        }
    }

    /// Compares one pair; `optional` if the field that it describes is optional.
    fn pair(
        &mut self,
        changes: &mut Changes,
        direction: Direction,
        place: &Location,
        (old, new): (&'a Value, &'a Value),
        optional: bool,
    ) {
        let (Some((old_name, old_null)), Some((new_name, new_null))) = (reference(old), reference(new))
        else {
            self.structure(changes, direction, place, (old, new), optional);
            return;
        };
        let known_rename = self.renamed.get(old_name).is_some_and(|name| *name == new_name);
        let fresh_rename = !known_rename
            && old_name != new_name
            && !self.renamed.contains_key(old_name)
            && !has(self.new_doc, old_name)
            && !has(self.old_doc, new_name);
        if old_name != new_name && !known_rename && !fresh_rename {
            self.replaced(changes, direction, place, (old, new), optional);
            return;
        }
        nullable(changes, direction, place, (old_null, new_null), optional);
        let component = Location::of(Owner::Schema(new_name.to_owned()));
        if old_name != new_name {
            self.renamed.insert(old_name, new_name);
            let names = (Some(old_name.to_owned()), Some(new_name.to_owned()));
            changes.note(direction, ChangeKind::SchemaRenamed, &component, names.0, names.1);
        }
        let (Some(old), Some(new)) =
            (component_of(self.old_doc, old_name), component_of(self.new_doc, new_name))
        else {
            return;
        };
        self.structure(changes, direction, &component, (old, new), false);
    }

    /// Handles a reference to another component: a rename if both are the same, a change otherwise.
    fn replaced(
        &mut self,
        changes: &mut Changes,
        direction: Direction,
        place: &Location,
        (old, new): (&'a Value, &'a Value),
        optional: bool,
    ) {
        let (Some((old_name, _)), Some((new_name, _))) = (reference(old), reference(new)) else { return };
        if self.replacing.contains(&(old_name, new_name)) {
            return;
        }
        self.replacing.push((old_name, new_name));
        // Pairs that were visited elsewhere are compared again for this location.
        let seen = std::mem::take(&mut self.seen);
        let open = std::mem::take(&mut self.open);
        let mut inner = Changes::default();
        self.structure(&mut inner, direction, place, (old, new), optional);
        self.drain(&mut inner);
        self.seen = seen;
        self.open = open;
        self.replacing.pop();
        let found = inner.into_list();
        if found.is_empty() {
            let names = (Some(old_name.to_owned()), Some(new_name.to_owned()));
            changes.note(direction, ChangeKind::SchemaReplaced, place, names.0, names.1);
        }
        for change in found {
            changes.note(direction, change.kind, &change.place, change.old, change.new);
        }
    }

    fn structure(
        &mut self,
        changes: &mut Changes,
        direction: Direction,
        place: &Location,
        (old, new): (&'a Value, &'a Value),
        optional: bool,
    ) {
        let pair = (std::ptr::from_ref(old), std::ptr::from_ref(new));
        if !self.seen.insert((pair.0, pair.1, direction, place.owner.clone())) {
            return;
        }
        let (a, b) = (view(self.old_doc, old), view(self.new_doc, new));
        nullable(changes, direction, place, (a.nullable, b.nullable), optional);
        if a.deprecated != b.deprecated {
            let say = |deprecated: bool| Some(if deprecated { "deprecated" } else { "in use" }.to_owned());
            changes.note(
                direction,
                ChangeKind::DeprecationChanged,
                place,
                say(a.deprecated),
                say(b.deprecated),
            );
        }
        if a.access != b.access {
            let kind =
                if b.access.is_some() { ChangeKind::AccessNarrowed } else { ChangeKind::AccessWidened };
            changes.note(direction, kind, place, owned(a.access), owned(b.access));
        }
        if a.kind != b.kind {
            let kind = match (a.kind, b.kind) {
                (_, "any") | ("integer", "number") => ChangeKind::Widened,
                ("any", _) | ("number", "integer") => ChangeKind::Narrowed,
                _ => ChangeKind::Retyped,
            };
            changes.note(direction, kind, place, owned(Some(a.kind)), owned(Some(b.kind)));
            return;
        }
        if a.format != b.format {
            let says = |format: Option<&str>| Some(format.unwrap_or("none").to_owned());
            changes.note(direction, ChangeKind::FormatChanged, place, says(a.format), says(b.format));
        }
        values(changes, direction, place, &a, &b);
        bounds(changes, direction, place, &a, &b);
        if a.default != b.default {
            changes.note(direction, ChangeKind::DefaultChanged, place, text(a.default), text(b.default));
        }
        self.fields(changes, direction, place, &a, &b);
        if let (Some(old), Some(new)) = (a.items, b.items) {
            self.push(direction, place.at("[]"), (old, new), false);
        } else if a.items.is_some() != b.items.is_some() {
            let kind = if b.items.is_some() { ChangeKind::Narrowed } else { ChangeKind::Widened };
            let says = |items: Option<&Value>| {
                Some(if items.is_some() { "items of one type" } else { "items of any type" }.to_owned())
            };
            changes.note(direction, kind, &place.at("[]"), says(a.items), says(b.items));
        }
        match (&a.extra, &b.extra) {
            (Extra::Refused, Extra::Any | Extra::Of(_)) => {
                changes.note(direction, ChangeKind::ExtraFieldsAccepted, place, None, None);
            }
            (Extra::Any | Extra::Of(_), Extra::Refused) => {
                changes.note(direction, ChangeKind::ExtraFieldsRejected, place, None, None);
            }
            (Extra::Of(old), Extra::Of(new)) => {
                self.push(direction, place.at("{}"), (old, new), false);
            }
            (Extra::Any, Extra::Of(_)) => {
                changes.note(direction, ChangeKind::Narrowed, &place.at("{}"), owned(Some("any")), None);
            }
            (Extra::Of(_), Extra::Any) => {
                changes.note(direction, ChangeKind::Widened, &place.at("{}"), None, owned(Some("any")));
            }
            (Extra::Any, Extra::Any) | (Extra::Refused, Extra::Refused) => {}
        }
        self.variants(changes, direction, place, &a, &b);
    }

    fn fields(
        &mut self,
        changes: &mut Changes,
        direction: Direction,
        place: &Location,
        a: &View<'a>,
        b: &View<'a>,
    ) {
        for (name, old) in &a.fields {
            let here = place.at(&format!(".{name}"));
            let Some((_, new)) = b.fields.iter().find(|(known, _)| known == name) else {
                changes.note(
                    direction,
                    ChangeKind::FieldRemoved,
                    &here,
                    Some(label(self.old_doc, old)),
                    None,
                );
                continue;
            };
            let (before, after) = (a.required.contains(name), b.required.contains(name));
            if before != after {
                let kind = if after { ChangeKind::FieldRequired } else { ChangeKind::FieldOptional };
                changes.note(direction, kind, &here, None, None);
            }
            self.push(direction, here, (old, new), !before);
        }
        for (name, new) in &b.fields {
            if !a.fields.iter().any(|(known, _)| known == name) {
                let here = place.at(&format!(".{name}"));
                let kind = if b.required.contains(name) {
                    ChangeKind::RequiredFieldAdded
                } else {
                    ChangeKind::FieldAdded
                };
                changes.note(direction, kind, &here, None, Some(label(self.new_doc, new)));
            }
        }
        // A field can be required without a schema.
        let undescribed = |view: &View<'a>, name: &str| {
            view.required.contains(name) && !view.fields.iter().any(|(known, _)| *known == name)
        };
        for name in b.required.difference(&a.required).filter(|name| undescribed(b, name)) {
            changes.note(
                direction,
                ChangeKind::RequiredFieldAdded,
                &place.at(&format!(".{name}")),
                None,
                None,
            );
        }
    }

    /// Matches alternatives by their component, otherwise by their content.
    fn variants(
        &mut self,
        changes: &mut Changes,
        direction: Direction,
        place: &Location,
        a: &View<'a>,
        b: &View<'a>,
    ) {
        if a.discriminator != b.discriminator {
            let (old, new) = (owned(a.discriminator), owned(b.discriminator));
            changes.note(direction, ChangeKind::DiscriminatorChanged, place, old, new);
        }
        let mut rest: Vec<&'a Value> = b.variants.clone();
        let mut lost: Vec<&'a Value> = Vec::new();
        for old in &a.variants {
            let matching = rest.iter().position(|new| match (reference(old), reference(new)) {
                (Some((old, _)), Some((new, _))) => {
                    old == new || (!has(self.new_doc, old) && !has(self.old_doc, new))
                }
                (None, None) => without_prose(old) == without_prose(new),
                _ => false,
            });
            match matching {
                Some(index) => {
                    let new = rest.remove(index);
                    self.push(direction, place.clone(), (old, new), false);
                }
                None => lost.push(old),
            }
        }
        // Inline alternatives on both sides may be the same one, changed.
        for old in lost {
            let inline = |schema: &Value| reference(schema).is_none();
            match rest.iter().position(|new| inline(new) || inline(old)) {
                Some(index) => {
                    let new = rest.remove(index);
                    self.push(direction, place.clone(), (old, new), false);
                }
                None => {
                    let what = Some(label(self.old_doc, old));
                    changes.note(direction, ChangeKind::VariantRemoved, place, what, None);
                }
            }
        }
        for new in rest {
            let what = Some(label(self.new_doc, new));
            changes.note(direction, ChangeKind::VariantAdded, place, None, what);
        }
    }
}

/// Whether two schemas accept the same responses.
pub fn same_response<'a>(docs: (&'a Value, &'a Value), old: &'a Value, new: &'a Value) -> bool {
    let mut changes = Changes::default();
    let place = Location::of(Owner::Document);
    Schemas::new(docs.0, docs.1).compare(&mut changes, Direction::Response, &place, old, new);
    changes.into_list().is_empty()
}

fn nullable(
    changes: &mut Changes,
    direction: Direction,
    place: &Location,
    (old, new): (bool, bool),
    optional: bool,
) {
    if old != new {
        let kind = match (new, optional) {
            (true, true) => ChangeKind::OptionalNullableAdded,
            (true, false) => ChangeKind::NullableAdded,
            (false, _) => ChangeKind::NullableRemoved,
        };
        changes.note(direction, kind, place, None, None);
    }
}

fn values(changes: &mut Changes, direction: Direction, place: &Location, a: &View<'_>, b: &View<'_>) {
    match (&a.values, &b.values) {
        (None, Some(values)) => {
            let list: Vec<String> = values.iter().map(|value| value.to_string()).collect();
            changes.note(direction, ChangeKind::EnumIntroduced, place, None, Some(list.join(", ")));
        }
        (Some(values), None) => {
            let list: Vec<String> = values.iter().map(|value| value.to_string()).collect();
            changes.note(direction, ChangeKind::EnumDropped, place, Some(list.join(", ")), None);
        }
        (Some(old), Some(new)) => {
            for removed in old.iter().filter(|value| !new.contains(value)) {
                changes.note(direction, ChangeKind::EnumValueRemoved, place, Some(removed.to_string()), None);
            }
            for come in new.iter().filter(|value| !old.contains(value)) {
                changes.note(direction, ChangeKind::EnumValueAdded, place, None, Some(come.to_string()));
            }
        }
        (None, None) => {}
    }
}

fn bounds(changes: &mut Changes, direction: Direction, place: &Location, a: &View<'_>, b: &View<'_>) {
    for (key, tighter) in BOUNDS {
        let (old, new) = (a.bounds.get(key).copied(), b.bounds.get(key).copied());
        if old == new {
            continue;
        }
        let kind = match (old.and_then(Value::as_f64), new.and_then(Value::as_f64), tighter) {
            (Some(old), Some(new), Tighter::Higher) if new > old => ChangeKind::BoundTightened,
            (Some(old), Some(new), Tighter::Lower) if new < old => ChangeKind::BoundTightened,
            (Some(_), Some(_), Tighter::Higher | Tighter::Lower) => ChangeKind::BoundLoosened,
            _ if old.is_none() => ChangeKind::BoundTightened,
            _ if new.is_none() => ChangeKind::BoundLoosened,
            _ => ChangeKind::BoundChanged,
        };
        let say = |bound: Option<&Value>| bound.map(|bound| format!("{key} {bound}"));
        changes.note(direction, kind, place, say(old), say(new));
    }
}

/// A schema in one or two words.
pub fn label(doc: &Value, schema: &Value) -> String {
    if let Some((name, _)) = reference(schema) {
        return name.to_owned();
    }
    let view = view(doc, schema);
    match (view.kind, view.items) {
        ("array", Some(items)) => format!("array of {}", label(doc, items)),
        (kind, _) => view.format.map_or_else(|| kind.to_owned(), |format| format!("{kind} ({format})")),
    }
}

/// A schema without its prose.
pub fn without_prose(schema: &Value) -> Value {
    let mut plain = schema.clone();
    crate::tree::descend("", &mut plain, &mut |_, schema| {
        if let Some(map) = schema.as_object_mut() {
            for key in ["description", "title", "example", "externalDocs"] {
                map.shift_remove(key);
            }
        }
    });
    plain
}

fn component_of<'a>(doc: &'a Value, name: &str) -> Option<&'a Value> {
    doc.pointer(&format!("/components/schemas/{name}"))
}

fn has(doc: &Value, name: &str) -> bool {
    component_of(doc, name).is_some()
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn text(value: Option<&Value>) -> Option<String> {
    value.map(Value::to_string)
}
