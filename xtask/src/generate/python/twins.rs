//! The synchronous twins of the classes that are written by hand for asyncio: the same text without the awaiting.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

/// The words of asyncio, and what stands for them.
const WORDS: [(&str, &str); 7] = [
    ("AsyncCore", "SyncCore"),
    ("async def ", "def "),
    ("async for ", "for "),
    ("async with ", "with "),
    ("await ", ""),
    ("_later(", "("),
    // The twins stand one folder deeper.
    ("from ..", "from ..."),
];

/// The modules of a folder, each with its twin; those of helpers that know nothing of asyncio have none.
pub fn read(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if !name.ends_with(".py") || name == "__init__.py" {
            continue;
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if text.contains("class Async") {
            texts.push((name.trim_end_matches(".py").to_owned(), text));
        }
    }
    let names: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    let twins = texts.iter().map(|(name, text)| {
        let twin = twin(text, &names).with_context(|| format!("{name}.py has no twin"))?;
        Ok((name.clone(), twin))
    });
    twins.collect()
}

/// The synchronous twin of a module; `twins` are the modules that have one.
fn twin(text: &str, twins: &[&str]) -> Result<String> {
    let mut out = text.to_owned();
    for (word, instead) in WORDS {
        out = out.replace(word, instead);
    }
    // `Async` at the start of a name goes.
    let mut twin = String::new();
    let mut rest = out.as_str();
    while let Some(at) = rest.find("Async") {
        let before = rest[..at].chars().next_back();
        let starts = !before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        twin.push_str(&rest[..at]);
        if !starts {
            twin.push_str("Async");
        }
        rest = &rest[at + "Async".len()..];
    }
    twin.push_str(rest);
    // Helpers beside the original stay where they are, unless they have a twin themselves.
    let mut twin = twin.replace("from ._", "from ..._by_hand._");
    for name in twins {
        twin = twin.replace(&format!("from ..._by_hand.{name} import"), &format!("from .{name} import"));
    }
    if let Some(line) = twin.lines().find(|line| line.contains("asyncio.") || line.contains("__aenter__")) {
        bail!("it does more than await: {line}");
    }
    Ok(twin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_does_not_await() {
        let text = "from .._generated.resources.tags import AsyncTags as AsyncGenerated\nfrom ._bulk import AsyncBulk\n\
                    from ._files import read\n\nclass AsyncTags(AsyncGenerated):\n    async def get(self) -> None:\n        \
                    await self._client._native.download_later(1)\n        async for x in y: NotAsync()\n";
        let expected = "from ..._generated.resources.tags import Tags as Generated\nfrom ._bulk import Bulk\n\
                        from ..._by_hand._files import read\n\nclass Tags(Generated):\n    def get(self) -> None:\n        \
                        self._client._native.download(1)\n        for x in y: NotAsync()\n";
        assert_eq!(twin(text, &["_bulk", "tags"]).unwrap(), expected);
        assert!(twin("class AsyncX:\n    x = asyncio.sleep(1)\n", &[]).is_err());
    }
}
