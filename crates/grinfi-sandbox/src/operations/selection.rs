//! Selection of records in the body of mass actions and exports.

use super::input::Fields;
use crate::rejection::FieldErrors;
use crate::table::Table;

/// Returns the existing records of `{ids}`, or of `{all: true}` without `{excludeIds}`.
// assumed: mass-action-unknown
pub(super) fn selected(table: &Table, fields: &Fields<'_>, errors: &mut FieldErrors) -> Vec<String> {
    if fields.given("filter").is_none() {
        errors.missing("filter");
    }
    let Some(filter) = fields.map("filter", errors) else { return Vec::new() };
    let filter = Fields::within(filter, "filter");
    let all = filter.flag("all", errors).unwrap_or(false);
    let mut texts = |name: &str| filter.given(name).map(|_| filter.required_texts(name, errors));
    let (ids, excluded) = (texts("ids"), texts("excludeIds").unwrap_or_default());
    if !all && ids.is_none() {
        errors.add("filter", "The filter must contain ids or all.");
    }
    let excluded: std::collections::HashSet<String> = excluded.into_iter().collect();
    let mut selected = if all { table.keys(|_| true) } else { ids.unwrap_or_default() };
    let mut seen = std::collections::HashSet::new();
    selected.retain(|uuid| table.contains(uuid) && !excluded.contains(uuid) && seen.insert(uuid.clone()));
    selected
}
