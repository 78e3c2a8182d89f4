//! Formats a comparison as text, as JSON, and as Markdown for a changelog.

use anyhow::{Context, Result};
use clap::ValueEnum;

use super::{
    Both, Change, Diff, Direction, Owner, Verdict,
    change::{Judged, shared},
};

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading in a terminal.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a changelog.
    Markdown,
}

const ORDER: [(Verdict, &str); 3] =
    [(Verdict::Breaking, "Breaking"), (Verdict::Additive, "Additive"), (Verdict::Neutral, "Neutral")];

/// Formats a comparison.
pub fn write(diff: &Diff, format: Format) -> Result<String> {
    match format {
        Format::Text => Ok(text(diff)),
        Format::Markdown => Ok(markdown(diff)),
        Format::Json => serde_json::to_string_pretty(diff)
            .map(|json| json + "\n")
            .context("cannot serialize the comparison"),
    }
}

pub fn text(diff: &Diff) -> String {
    let mut out = String::new();
    for (verdict, title) in ORDER {
        let changes: Vec<&Change> = diff.changes.iter().filter(|change| change.verdict == verdict).collect();
        if changes.is_empty() {
            continue;
        }
        out.push_str(&format!("{title}:\n"));
        for change in changes {
            out.push_str(&format!("  {}: {}{}\n", change.place, change.kind.words(), values(change, "")));
            for judged in &change.judged {
                out.push_str(&format!("    {}\n", reason(change, judged)));
            }
        }
        out.push('\n');
    }
    out + &closing(diff)
}

fn markdown(diff: &Diff) -> String {
    let Both { old, new } = &diff.summary.versions;
    let mut out = format!("## The API, {old} to {new}\n\n");
    for (verdict, title) in ORDER {
        let changes: Vec<&Change> = diff.changes.iter().filter(|change| change.verdict == verdict).collect();
        if changes.is_empty() {
            continue;
        }
        out.push_str(&format!("### {title}\n\n"));
        for change in changes {
            let owner = match &change.place.owner {
                Owner::Document => "the description".to_owned(),
                Owner::Operation(id) => format!("`{id}`"),
                Owner::Schema(name) => format!("schema `{name}`"),
                Owner::Shared(section, name) => format!("{} `{name}`", shared(section)),
            };
            let path = change.place.path.trim();
            let path = if path.is_empty() { String::new() } else { format!(" `{path}`") };
            out.push_str(&format!("- {owner}{path}: {}{}\n", change.kind.words(), values(change, "`")));
        }
        out.push('\n');
    }
    out + &closing(diff)
}

fn values(change: &Change, quote: &str) -> String {
    let quoted = |text: &str| format!("{quote}{text}{quote}");
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!(", {} → {}", quoted(old), quoted(new)),
        (Some(only), None) | (None, Some(only)) => format!(", {}", quoted(only)),
        (None, None) => String::new(),
    }
}

fn reason(change: &Change, judged: &Judged) -> String {
    let way = match judged.direction {
        Direction::Request => "in requests",
        Direction::Response => "in responses",
    };
    let verdict = match judged.verdict {
        Verdict::Breaking => "breaking",
        Verdict::Additive => "additive",
        Verdict::Neutral => "neutral",
    };
    let shared = change.place.owner.reference().is_some();
    let carried = match judged.operations.len() {
        0 if shared => " (not used by any operation now)".to_owned(),
        0 => String::new(),
        count => {
            let first: Vec<&str> = judged.operations.iter().take(3).map(String::as_str).collect();
            let more = if count > 3 { format!(" and {} more", count - 3) } else { String::new() };
            format!(" ({}{more})", first.join(", "))
        }
    };
    format!("{verdict} {way}: {}{carried}", judged.reason)
}

fn closing(diff: &Diff) -> String {
    let summary = &diff.summary;
    let prose = &diff.prose;
    format!(
        "Prose: {} texts changed, {} added, {} removed.\n\
         {} breaking, {} additive, {} neutral; {} operations, {} before.\n",
        prose.changed,
        prose.added,
        prose.removed,
        summary.breaking,
        summary.additive,
        summary.neutral,
        summary.operations.new,
        summary.operations.old,
    )
}
