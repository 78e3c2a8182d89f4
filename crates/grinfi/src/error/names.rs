//! Translation of field names from the wire to this crate.

/// Returns the client's name for a field that the API names in a validation error: `contacts[0].work_email` for
/// `leads.0.work_email`.
pub(super) fn of_field(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + 8);
    for part in field.split('.') {
        let is_index = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_index && !name.is_empty() {
            name.push_str(&format!("[{part}]"));
            continue;
        }
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&of_part(part));
    }
    name
}

/// Returns a message with a field called by the client's name, for one that names it as the API does: `lead_uuid`, or
/// `lead uuid` in a sentence.
pub(super) fn in_message(message: &str, field: &str) -> String {
    let last = field.rsplit('.').next().unwrap_or(field);
    let own = of_part(last);
    if own == last || !last.contains('_') {
        return message.to_owned();
    }
    message.replace(last, &own).replace(&last.replace('_', " "), &own.replace('_', " "))
}

fn of_part(part: &str) -> String {
    for (wire, own) in [("lead", "contact"), ("flow", "automation")] {
        if let Some(rest) = part.strip_prefix(wire)
            && (rest.is_empty() || rest == "s" || rest.starts_with('_'))
        {
            return format!("{own}{rest}");
        }
    }
    part.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fields_in_messages() {
        for (message, own) in [
            ("The lead uuid field is required.", "The contact uuid field is required."),
            ("The selected lead_uuid does not exist.", "The selected contact_uuid does not exist."),
            ("Lead not found.", "Lead not found."),
        ] {
            assert_eq!(in_message(message, "filter.lead_uuid"), own);
        }
    }

    #[test]
    fn names_fields_as_the_client_does() {
        for (wire, own) in [
            ("lead_uuid", "contact_uuid"),
            ("leads.0.work_email", "contacts[0].work_email"),
            ("lead.linkedin_id", "contact.linkedin_id"),
            ("flow_uuids.2", "automation_uuids[2]"),
            ("leading", "leading"),
            ("name", "name"),
            ("0", "0"),
            ("", ""),
        ] {
            assert_eq!(of_field(wire), own);
        }
    }
}
