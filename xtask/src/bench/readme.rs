//! The summary in the README, made by the command that measures: ratios with their spread, and few of them.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::table::{Table, number, spread};

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// What is told of a comparison: how much of what the other takes ours takes.
struct Line {
    what: &'static str,
    table: &'static str,
    ours: &'static str,
    other: &'static str,
    /// The measure; the first one if this is empty.
    measure: &'static str,
    /// The other, in words.
    of: &'static str,
}

const fn line(
    what: &'static str,
    table: &'static str,
    [ours, other]: [&'static str; 2],
    measure: &'static str,
    of: &'static str,
) -> Line {
    Line { what, table, ours, other, measure, of }
}

const LINES: [Line; 12] = [
    line(
        "Rust: reading 20,000 contacts",
        "decode",
        ["grinfi", "handwritten"],
        "CPU",
        "hand-written reqwest and serde",
    ),
    line("Rust: one small call", "call", ["grinfi", "reqwest"], "", "bare reqwest"),
    line(
        "Python: reading 20,000 contacts, one attribute of each",
        "python-one",
        ["grinfi", "httpx+msgspec"],
        "CPU",
        "httpx and msgspec",
    ),
    line("", "python-one", ["grinfi", "httpx+pydantic"], "CPU", "httpx and pydantic"),
    line("", "python-one", ["grinfi", "requests+json"], "CPU", "requests and its dictionaries"),
    line(
        "",
        "python-one",
        ["grinfi", "openapi-python-client"],
        "CPU",
        "what openapi-python-client generates",
    ),
    line(
        "Python: the same, all 47 attributes of each",
        "python-all",
        ["grinfi", "httpx+msgspec"],
        "CPU",
        "httpx and msgspec",
    ),
    line("", "python-all", ["grinfi", "httpx+pydantic"], "CPU", "httpx and pydantic"),
    line("Python: import", "import", ["grinfi", "httpx"], "CPU", "httpx"),
    line(
        "Sandbox: one search",
        "sandbox",
        ["grinfi-sandbox", "Prism"],
        "CPU",
        "Prism, for its one example row",
    ),
    line("Sandbox: start", "sandbox", ["grinfi-sandbox", "Prism"], "start", "Prism"),
    line("Sandbox: with its demo data", "sandbox", ["grinfi-sandbox", "Prism"], "memory, idle", "Prism"),
];

/// Puts the summary between the marks.
pub fn put(root: &Path, tables: &[Table]) -> Result<()> {
    let path = root.join("README.md");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = replaced(&text, &summary(tables)?)
        .with_context(|| format!("{} has no {BEGIN} and {END}", path.display()))?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The summary as Markdown. What was not measured for want of a peer is left out.
pub fn summary(tables: &[Table]) -> Result<String> {
    let table = |name: &str| {
        let found = tables.iter().find(|table| table.name == name);
        found.with_context(|| format!("no comparison `{name}` was made"))
    };
    let mut text = "| | measure | takes | of what is taken by |\n|---|---|--:|---|\n".to_owned();
    let mut what = "";
    for line in &LINES {
        let table = table(line.table)?;
        let first = table.columns.first().map_or("", |column| column.name.as_str());
        let measure = if line.measure.is_empty() { first } else { line.measure };
        table
            .values(line.ours, measure)
            .with_context(|| format!("no {measure} of {} in `{}`", line.ours, line.table))?;
        if !line.what.is_empty() {
            what = line.what;
        }
        if let Some(ratio) = table.ratio(line.ours, line.other, measure) {
            text.push_str(&format!("| {what} | {measure} | {ratio} | {} |\n", line.of));
            what = "";
        }
    }
    let median = |name: &str, subject: &str, measure: &str| {
        let values = table(name)?.values(subject, measure).and_then(spread);
        values.map(|values| values.median).with_context(|| format!("no {measure} of {subject} in `{name}`"))
    };
    let quota = table("quota")?;
    for (subject, who) in
        [("grinfi, 64", "64 callers"), ("backon, 64", "The same with retries by backon alone")]
    {
        let [share, refused] = ["share used", "refused with 429"].map(|measure| {
            quota.values(subject, measure).and_then(spread).map(|values| number(values.median))
        });
        let (share, refused) = share.zip(refused).with_context(|| format!("no {subject} in `quota`"))?;
        text.push_str(&format!(
            "\n- {who} used {share} % of a quota of 300 a minute, and {refused} calls were refused."
        ));
    }
    for (language, subject) in [("Rust", "complete"), ("Python", "Python complete")] {
        let stream = table("stream")?;
        let name = format!("{subject}, ");
        let mut sizes = stream.rows.iter().filter(|row| row.subject.starts_with(&name));
        let (Some(few), Some(many)) = (sizes.next(), sizes.next()) else { continue };
        let [less, more] = [few, many].map(|row| median("stream", &row.subject, "peak memory"));
        let count = |subject: &str| subject.rsplit(", ").next().unwrap_or_default().to_owned();
        text.push_str(&format!(
            "\n- {language}: reading {} contacts to the end took {:.1} MB more at its peak than reading {}.",
            count(&many.subject),
            more? - less?,
            count(&few.subject),
        ));
    }
    Ok(text + "\n")
}

fn replaced(text: &str, summary: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{summary}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let new = replaced(&text, "new\n").unwrap();
        assert_eq!(new, format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n"));
        assert_eq!(replaced(&new, "new\n").unwrap(), new);
        assert!(replaced("no marks", "new").is_none());
    }

    #[test]
    fn the_summary_has_what_was_measured_and_leaves_out_what_has_no_peer() {
        let mut tables: Vec<Table> = Vec::new();
        for line in &LINES {
            let measures = [("CPU", ""), ("start", ""), ("memory, idle", "")];
            if !tables.iter().any(|table| table.name == line.table) {
                tables.push(Table::new(line.table, "", "", &measures));
            }
            let table = tables.iter_mut().find(|table| table.name == line.table).unwrap();
            if table.values(line.ours, "CPU").is_none() {
                table.add(line.ours, &[1.0, 1.0, 1.0]);
                table.add(line.ours, &[1.5, 1.0, 1.0]);
            }
            // Prism was not there.
            if line.other != "Prism" {
                table.add(line.other, &[2.0, 2.0, 2.0]);
                table.add(line.other, &[2.0, 2.0, 2.0]);
            }
        }
        let mut quota = Table::new("quota", "", "", &[("share used", "%"), ("refused with 429", "")]);
        quota.add("grinfi, 64", &[100.0, 0.0]);
        quota.add("backon, 64", &[99.0, 815.0]);
        let mut stream = Table::new("stream", "", "", &[("peak memory", "MB")]);
        for (subject, peak) in [("stream, 10", 9.0), ("complete, 10", 9.0), ("complete, 20", 9.5)] {
            stream.add(subject, &[peak]);
        }
        tables.extend([quota, stream]);
        let text = summary(&tables).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[2],
            "| Rust: reading 20,000 contacts | CPU | 0.62 (0.50 to 0.75) | hand-written reqwest and serde |"
        );
        assert!(lines[5].starts_with("|  | CPU |") && lines[5].ends_with("| httpx and pydantic |"), "{text}");
        assert!(!text.contains("Prism"), "{text}");
        assert!(
            text.contains("64 callers used 100 % of a quota of 300 a minute, and 0 calls were refused."),
            "{text}"
        );
        assert!(
            text.contains(
                "Rust: reading 20 contacts to the end took 0.5 MB more at its peak than reading 10."
            ),
            "{text}"
        );
        tables.retain(|table| table.name != "decode");
        let failed = summary(&tables).unwrap_err().to_string();
        assert!(failed.contains("`decode`"), "{failed}");
    }

    #[test]
    fn the_readme_has_the_marks() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
        assert!(replaced(&fs::read_to_string(path).unwrap(), "").is_some());
    }
}
