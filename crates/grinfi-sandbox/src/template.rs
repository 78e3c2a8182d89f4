//! Message templates: `{{variable}}`, `{{ "a|b" | spintax }}`, `{% if %}`, the documented part of Liquid. Unknown
//! variables render empty; text outside of tags is unchanged.

use crate::cell::fold;
use crate::ids::hash;

/// Renders a template. `lookup` returns variables; `seed` selects the alternatives of a spintax.
pub(crate) fn render(template: &str, lookup: &dyn Fn(&str) -> Option<String>, seed: &str) -> String {
    let mut renderer = Renderer { lookup, seed, drawn: 0 };
    let mut rest = template;
    renderer.block(&mut rest, true)
}

struct Renderer<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    seed: &'a str,
    drawn: u32,
}

/// Tag that ended a block.
const ENDS: [&str; 3] = ["elsif", "else", "endif"];

impl Renderer<'_> {
    /// Renders up to the tag that ends the block, which stays in `rest`, or to the end. Hidden blocks are parsed too.
    fn block(&mut self, rest: &mut &str, shown: bool) -> String {
        let mut out = String::new();
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            *rest = from;
            if let Some((inner, after)) = between(from, "{{", "}}") {
                *rest = after;
                if shown {
                    out.push_str(&self.output(inner));
                }
            } else if let Some((tag, after)) = between(from, "{%", "%}") {
                let tag = tag.trim_matches(['-', ' ', '\n', '\t']);
                let (name, condition) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
                if ENDS.contains(&name) {
                    return out;
                }
                *rest = after;
                match name {
                    "if" => out.push_str(&self.conditional(rest, condition, false, shown)),
                    "unless" => out.push_str(&self.conditional(rest, condition, true, shown)),
                    // Unknown tags render nothing.
                    _ => {}
                }
            } else {
                let brace = from.chars().next().map_or(0, char::len_utf8);
                out.push_str(&from[..brace]);
                *rest = &from[brace..];
            }
        }
        out.push_str(rest);
        *rest = "";
        out
    }

    fn conditional(&mut self, rest: &mut &str, condition: &str, negated: bool, shown: bool) -> String {
        let mut holds = self.condition(condition) != negated;
        let mut taken = false;
        let mut out = String::new();
        loop {
            let is_shown = shown && holds && !taken;
            let part = self.block(rest, is_shown);
            if is_shown {
                out = part;
                taken = true;
            }
            let Some((tag, after)) = between(rest, "{%", "%}") else { return out };
            *rest = after;
            let tag = tag.trim_matches(['-', ' ', '\n', '\t']);
            match tag.split_once(char::is_whitespace).unwrap_or((tag, "")) {
                ("elsif", condition) => holds = self.condition(condition),
                ("else", _) => holds = true,
                _ => return out,
            }
        }
    }

    fn condition(&mut self, text: &str) -> bool {
        if let Some((first, rest)) = text.split_once(" or ") {
            return self.condition(first) || self.condition(rest);
        }
        if let Some((first, rest)) = text.split_once(" and ") {
            return self.condition(first) && self.condition(rest);
        }
        let value = |renderer: &mut Self, text: &str| renderer.value(text.trim()).unwrap_or_default();
        if let Some((a, b)) = text.split_once("==") {
            return value(self, a) == value(self, b);
        }
        if let Some((a, b)) = text.split_once("!=") {
            return value(self, a) != value(self, b);
        }
        if let Some((a, b)) = text.split_once(" contains ") {
            return value(self, a).contains(&value(self, b));
        }
        self.value(text.trim()).is_some_and(|text| !text.is_empty() && text != "false")
    }

    fn output(&mut self, inner: &str) -> String {
        let mut parts = split_outside_quotes(inner);
        let first = if parts.is_empty() { "" } else { parts.remove(0) };
        let mut value = self.value(first.trim()).unwrap_or_default();
        for filter in parts {
            let (name, argument) = filter.split_once(':').unwrap_or((filter, ""));
            value = match name.trim() {
                "spintax" => self.spin(&value),
                "default" if value.is_empty() => self.value(argument.trim()).unwrap_or_default(),
                "upcase" => value.to_uppercase(),
                "downcase" => fold(&value),
                "capitalize" => {
                    let mut chars = value.chars();
                    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
                }
                "strip" => value.trim().to_owned(),
                _ => value,
            };
        }
        value
    }

    fn value(&self, text: &str) -> Option<String> {
        let quoted = |quote| text.strip_prefix(quote).and_then(|text: &str| text.strip_suffix(quote));
        match quoted('"').or_else(|| quoted('\'')) {
            Some(literal) => Some(literal.to_owned()),
            None if text.parse::<f64>().is_ok() => Some(text.to_owned()),
            None => (self.lookup)(text),
        }
    }

    /// Returns one alternative of `a|b|c`, the same for the same seed.
    fn spin(&mut self, text: &str) -> String {
        let sides: Vec<&str> = text.split('|').collect();
        self.drawn += 1;
        let drawn = hash(&format!("{}/{}", self.seed, self.drawn));
        let at = usize::try_from(drawn % u64::try_from(sides.len()).unwrap_or(1)).unwrap_or(0);
        sides.get(at).copied().unwrap_or_default().to_owned()
    }
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(open)?.split_once(close)
}

/// Splits at bars outside of quotes.
fn split_outside_quotes(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('|', None) => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_ada(template: &str) -> String {
        let lookup = |name: &str| match name {
            "first_name" => Some("Ada".to_owned()),
            "company_name" => Some("ExampleCorp".to_owned()),
            _ => None,
        };
        render(template, &lookup, "seed")
    }

    #[test]
    fn fills_variables_and_empties_unknown_ones() {
        assert_eq!(of_ada("Hi {{first_name}}, {{ unknown }}!"), "Hi Ada, !");
        assert_eq!(of_ada("{{ unknown | default: \"there\" | upcase }}"), "THERE");
        assert_eq!(of_ada("{ {{first_name} } }} {% x"), "{  {% x");
        assert_eq!(of_ada("a { b"), "a { b");
    }

    #[test]
    fn conditions_select_blocks() {
        let text =
            "{% if company_name == 'ExampleCorp' %}yes{% elsif first_name %}maybe{% else %}no{% endif %}.";
        assert_eq!(of_ada(text), "yes.");
        assert_eq!(of_ada("{% if unknown %}a{% elsif first_name contains \"d\" %}b{% endif %}"), "b");
        assert_eq!(
            of_ada("{% unless unknown %}{% if unknown or first_name %}in{% endif %}{% endunless %}"),
            "in"
        );
        assert_eq!(of_ada("{% if unknown and first_name %}a{% else %}b"), "b");
    }

    #[test]
    fn spintax_is_stable_for_a_seed() {
        let once = of_ada("{{ \"Hi|Hello\" | spintax }}");
        assert!(["Hi", "Hello"].contains(&once.as_str()), "{once}");
        assert_eq!(of_ada("{{ \"Hi|Hello\" | spintax }}"), once);
    }

    proptest! {
        #[test]
        fn random_templates_do_not_panic(template in "([{}%|\"' a]|if|else|endif|unless|elsif|spintax){0,40}") {
            of_ada(&template);
        }
    }
}
