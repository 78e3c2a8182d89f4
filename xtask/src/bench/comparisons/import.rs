//! How long `import` takes, over the bare interpreter.

use anyhow::Result;

use super::all_told;
use crate::bench::{Setting, process::measure, table::Table};

const SUBJECTS: [&str; 5] = ["grinfi", "requests", "httpx", "stripe", "openai"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let mut table = Table::new(
        "import",
        "Importing a Python package, over the bare interpreter",
        "httpx",
        &[("CPU", "ms"), ("wall", "ms")],
    );
    let script = setting.root.join("tests/bench/python/imports.py");
    for _ in 0..setting.pick(3, 15) {
        for name in SUBJECTS {
            let measured = measure(setting.peers()?.python().arg(&script).arg(name))?;
            table.add(name, &all_told(&measured, &["cpu_ms", "wall_ms"])?);
        }
    }
    Ok(vec![table])
}
