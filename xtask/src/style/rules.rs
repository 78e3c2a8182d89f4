//! The phrases that are not used, what to use instead, and the exceptions.

use std::{collections::BTreeSet, fmt};

use anyhow::{Context, Result, bail};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::text::{Text, words_of};

/// The content of `xtask/style.toml`.
pub struct Rules {
    extensions: Vec<String>,
    files: Vec<String>,
    excluded: Vec<Excluded>,
    phrases: Vec<Phrase>,
    /// The patterns of all phrases. One pass finds those that a text contains.
    any: RegexSet,
    allowed: Vec<Allowed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    extensions: Vec<String>,
    files: Vec<String>,
    #[serde(default)]
    exclude: Vec<Excluded>,
    #[serde(default)]
    phrase: Vec<PhraseSource>,
    #[serde(default)]
    allow: Vec<Allowed>,
}

/// A file or folder that is not read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Excluded {
    path: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhraseSource {
    find: Vec<String>,
    #[serde(rename = "use")]
    instead: String,
    /// Matches that are fine.
    except: Option<String>,
    #[serde(default)]
    only: Scope,
}

/// Where a phrase is looked for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Scope {
    /// In contents and in file names.
    #[default]
    Everywhere,
    /// In file names alone.
    FileNames,
}

struct Phrase {
    pattern: String,
    regex: Regex,
    except: Option<Regex>,
    instead: String,
    scope: Scope,
}

/// A phrase that a file or folder may contain.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    path: String,
    phrase: String,
    reason: String,
}

/// A phrase that was found.
#[derive(Debug)]
pub struct Finding {
    pub path: String,
    /// 0 for the name of the file.
    pub line: usize,
    /// What was found.
    pub found: String,
    /// The entry of the list that found it.
    pub pattern: String,
    instead: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{} (file name)", self.path)?,
            line => write!(f, "{}:{line}", self.path)?,
        }
        write!(f, ": \"{}\" -> {}", self.found, self.instead)
    }
}

impl Rules {
    /// Parses the list and compiles its patterns.
    pub fn parse(text: &str) -> Result<Self> {
        let source: RulesFile = toml::from_str(text).context("not a valid list of phrases")?;
        let mut phrases = Vec::new();
        for phrase in source.phrase {
            let except = phrase.except.as_deref().map(compile).transpose()?;
            for pattern in phrase.find {
                phrases.push(Phrase {
                    regex: compile(&format!(r"\b(?:{pattern})\b"))?,
                    except: except.clone(),
                    instead: phrase.instead.clone(),
                    scope: phrase.only,
                    pattern,
                });
            }
        }
        let any = RegexSetBuilder::new(phrases.iter().map(|phrase| phrase.regex.as_str()))
            .case_insensitive(true)
            .unicode(false)
            .build()?;
        let reasons = source.exclude.iter().map(|it| (&it.path, &it.reason));
        for (path, reason) in reasons.chain(source.allow.iter().map(|it| (&it.path, &it.reason))) {
            if reason.trim().is_empty() {
                bail!("the exception for {path} has no reason");
            }
        }
        Ok(Self {
            extensions: source.extensions,
            files: source.files,
            excluded: source.exclude,
            phrases,
            any,
            allowed: source.allow,
        })
    }

    /// Whether a file is read.
    pub fn covers(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let known = self.files.iter().any(|file| file == path)
            || name.rsplit_once('.').is_some_and(|(_, end)| self.extensions.iter().any(|it| it == end));
        known && !self.excluded.iter().any(|excluded| is_below(path, &excluded.path))
    }

    /// The phrases in a file and in its name. Adds the indices of the exceptions that apply to `used`.
    pub fn findings(&self, path: &str, content: &str, used: &mut BTreeSet<usize>) -> Vec<Finding> {
        let text = Text::new(content);
        let name = words_of(path.rsplit('/').next().unwrap_or(path));
        let mut findings = Vec::new();
        let in_text = self.any.matches(&text.words);
        for (index, phrase) in self.phrases.iter().enumerate() {
            let mut add = |line, found: &str| {
                let found = found.trim();
                if phrase.except.as_ref().is_some_and(|except| except.is_match(found)) {
                    return;
                }
                match self.allowance(path, found) {
                    Some(index) => {
                        used.insert(index);
                    }
                    None => findings.push(Finding {
                        path: path.to_owned(),
                        line,
                        found: found.to_owned(),
                        pattern: phrase.pattern.clone(),
                        instead: phrase.instead.clone(),
                    }),
                }
            };
            if let Some(found) = phrase.regex.find(&name) {
                add(0, found.as_str());
            }
            if phrase.scope == Scope::Everywhere && in_text.matched(index) {
                phrase.regex.find_iter(&text.words).for_each(|it| add(text.line(it.start()), it.as_str()));
            }
        }
        findings.sort_by_key(|finding| finding.line);
        findings
    }

    fn allowance(&self, path: &str, found: &str) -> Option<usize> {
        let found = found.to_lowercase();
        self.allowed.iter().position(|allowed| {
            is_below(path, &allowed.path) && found.contains(&allowed.phrase.to_lowercase())
        })
    }

    /// The exceptions that no finding needed.
    pub fn unused(&self, used: &BTreeSet<usize>) -> Vec<String> {
        let all = self.allowed.iter().enumerate().filter(|(index, _)| !used.contains(index));
        all.map(|(_, allowed)| format!("`{}` in {}", allowed.phrase, allowed.path)).collect()
    }
}

/// Whether a path is a file or folder itself, or inside of the folder.
pub fn is_below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn compile(pattern: &str) -> Result<Regex> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .unicode(false)
        .build()
        .with_context(|| format!("`{pattern}` is not a valid pattern"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        extensions = ["rs", "md"]
        files = [".ci/run"]
        exclude = [{ path = "src/generated", reason = "generated" }]

        [[phrase]]
        find = ["quotas?"]
        use = "rate limit"

        [[phrase]]
        find = ["(there )?is no \\w+"]
        except = "^there|longer$"
        use = "is not a …"

        [[phrase]]
        find = ["mod\\.rs"]
        only = "file-names"
        use = "foo.rs and foo/"

        [[allow]]
        path = "src/wire"
        phrase = "quota"
        reason = "name on the wire"
    "#;

    fn found(path: &str, content: &str) -> Vec<String> {
        let rules = Rules::parse(RULES).unwrap();
        rules.findings(path, content, &mut BTreeSet::new()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn finds_phrases_in_comments_names_and_file_names() {
        let content = "/// The quota of a\n/// key: it is\n/// no limit.\nfn quota_left(it: OwnQuota) {}\n";
        assert_eq!(
            found("src/quota.rs", content),
            [
                r#"src/quota.rs (file name): "quota" -> rate limit"#,
                r#"src/quota.rs:1: "quota" -> rate limit"#,
                r#"src/quota.rs:2: "is no limit" -> is not a …"#,
                r#"src/quota.rs:4: "quota" -> rate limit"#,
                r#"src/quota.rs:4: "Quota" -> rate limit"#,
            ]
        );
        assert_eq!(found("src/mod.rs", "mod.rs"), [r#"src/mod.rs (file name): "mod.rs" -> foo.rs and foo/"#]);
    }

    #[test]
    fn ignores_words_that_only_contain_a_phrase_and_exceptions() {
        assert_eq!(found("src/a.rs", "// There is no quotation. It is no longer here."), [""; 0]);
        assert_eq!(found("src/wire/a.rs", "let quota = 1;"), [""; 0]);
    }

    #[test]
    fn reads_only_the_files_of_the_list() {
        let rules = Rules::parse(RULES).unwrap();
        for path in ["src/a.rs", ".ci/run", "docs/a.md", "src/generated.rs"] {
            assert!(rules.covers(path), "{path}");
        }
        for path in ["src/generated/a.rs", "a.json", "run"] {
            assert!(!rules.covers(path), "{path}");
        }
    }

    #[test]
    fn names_exceptions_that_match_nothing() {
        let rules = Rules::parse(RULES).unwrap();
        let mut used = BTreeSet::new();
        rules.findings("src/other.rs", "quota", &mut used);
        assert_eq!(rules.unused(&used), ["`quota` in src/wire"]);
        rules.findings("src/wire/a.rs", "quota", &mut used);
        assert_eq!(rules.unused(&used), [""; 0]);
    }

    #[test]
    fn rejects_exceptions_without_a_reason() {
        let rules = RULES.replace("name on the wire", " ");
        let error = Rules::parse(&rules).err().unwrap().to_string();
        assert_eq!(error, "the exception for src/wire has no reason");
    }
}
