//! Derivation of the synchronous client from the hand-written asynchronous one.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

/// Words of asynchronous code, and their replacements. A name loses `Async` at its start.
const WORDS: [(&str, &str); 12] = [
    ("async def ", "def "),
    ("async for ", "for "),
    ("async with ", "with "),
    ("await ", ""),
    ("_async(", "("),
    ("StopAsyncIteration", "StopIteration"),
    ("__aiter__", "__iter__"),
    ("__anext__", "__next__"),
    ("__aenter__", "__enter__"),
    ("__aexit__", "__exit__"),
    ("aclose", "close"),
    ("import Awaitable, ", "import "),
];

/// Marks a line without a synchronous counterpart. The block that such a line opens has none either.
const ASYNC_ONLY: &str = "  # async only";

/// Comes before code that only the synchronous client has.
const SYNC_ONLY: &str = "# sync only: ";

/// The synchronous version of each module in a folder and in its subfolders, by path.
pub fn derive(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut modules = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.is_dir() && name != "__pycache__" {
                folders.push((path, format!("{prefix}{name}/")));
            } else if name.ends_with(".py") {
                let text =
                    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                let text = match name.as_str() {
                    "__init__.py" => {
                        "\"\"\"Derived from the asynchronous modules of the same names.\"\"\"\n".to_owned()
                    }
                    _ => synchronous(&text).with_context(|| format!("{}", path.display()))?,
                };
                modules.push((format!("{prefix}{name}"), text));
            }
        }
    }
    modules.sort();
    Ok(modules)
}

/// The names of the modules in `resources`.
pub fn resources(modules: &[(String, String)]) -> impl Iterator<Item = String> {
    let names = modules.iter().filter_map(|(path, _)| path.strip_prefix("resources/")?.strip_suffix(".py"));
    names.filter(|name| *name != "__init__").map(str::to_owned)
}

fn synchronous(text: &str) -> Result<String> {
    let mut out = without_async_lines(text);
    for (word, replacement) in WORDS {
        out = out.replace(word, replacement);
    }
    let out = without_prefix(&without_awaitables(&out));
    let leftover = |line: &&str| ["asyncio.", "await ", "async "].iter().any(|word| line.contains(word));
    match out.lines().find(leftover) {
        Some(line) => bail!("this has no synchronous version: {}", line.trim()),
        None => Ok(out),
    }
}

/// Drops lines of the asynchronous client alone, and adds lines of the synchronous one alone.
fn without_async_lines(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut dropped: Option<usize> = None;
    for line in text.lines() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if dropped.is_some_and(|block| code.is_empty() || indent > block) {
            continue;
        }
        let was_dropped = dropped.take().is_some();
        match line.strip_suffix(ASYNC_ONLY) {
            Some(line) => dropped = line.ends_with(':').then_some(indent),
            None => {
                // The blank line after a dropped block was dropped with it.
                if was_dropped
                    && indent == 0
                    && !code.is_empty()
                    && out.last().is_some_and(|line| line.is_empty())
                {
                    out.push(String::new());
                }
                out.push(line.replacen(SYNC_ONLY, "", 1));
            }
        }
    }
    out.join("\n") + "\n"
}

/// `Awaitable[X]` as `X`.
fn without_awaitables(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("Awaitable[") {
        out.push_str(before);
        let mut depth = 1;
        let end = after.find(|c| {
            depth += i32::from(c == '[') - i32::from(c == ']');
            depth == 0
        });
        let (inner, behind) = after.split_at(end.unwrap_or(after.len()));
        out.push_str(inner);
        rest = behind.strip_prefix(']').unwrap_or(behind);
    }
    out + rest
}

/// Names without `Async` at their start.
fn without_prefix(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("Async") {
        out.push_str(before);
        if before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            out.push_str("Async");
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_synchronous_code() {
        let text = "from collections.abc import Awaitable, Callable\nfrom ..tags import AsyncTags as AsyncGenerated\n\n\n\
                    class AsyncTags(AsyncGenerated):\n    async def get(self) -> Callable[P, Awaitable[Raw[T]]]:\n        \
                    await self._core.download_async(1)\n        async for x in y: NotAsync()\n\n    \
                    async def aclose(self) -> None:  # async only\n        self.close()\n\n    \
                    def last(self) -> None:\n        # sync only: one()\n        two()  # async only\n";
        let expected = "from collections.abc import Callable\nfrom ..tags import Tags as Generated\n\n\n\
                        class Tags(Generated):\n    def get(self) -> Callable[P, Raw[T]]:\n        \
                        self._core.download(1)\n        for x in y: NotAsync()\n\n    \
                        def last(self) -> None:\n        one()\n";
        assert_eq!(synchronous(text).unwrap(), expected);
    }

    #[test]
    fn refuses_code_without_synchronous_version() {
        assert!(synchronous("class AsyncX:\n    x = asyncio.sleep(1)\n").is_err());
    }
}
