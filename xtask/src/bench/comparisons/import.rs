//! How long `import` takes, over the bare interpreter.

use anyhow::Result;

use super::{all_told, script};
use crate::bench::{Setting, table::Table};

const SUBJECTS: [&str; 5] = ["grinfi", "requests", "httpx", "stripe", "openai"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let mut table = Table::new(
        "import",
        "Importing a Python package, over the bare interpreter",
        "httpx",
        &[("CPU", "ms"), ("wall", "ms")],
    );
    for _ in 0..setting.pick(1, 3, 15) {
        for name in setting.python()?.subjects(&SUBJECTS) {
            table.add(name, &all_told(&script(setting, "imports.py", &[name])?, &["cpu_ms", "wall_ms"])?);
        }
    }
    Ok(vec![table])
}
