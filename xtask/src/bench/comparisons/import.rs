//! The time of `import`, without the start of the interpreter.

use anyhow::Result;

use super::{all_numbers, script};
use crate::bench::{Setting, table::Table};

const SUBJECTS: [&str; 5] = ["grinfi", "requests", "httpx", "stripe", "openai"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let mut table = Table::new(
        "import",
        "Importing a Python package, without the start of the interpreter",
        "httpx",
        &[("CPU", "ms"), ("wall", "ms")],
    );
    for _ in 0..setting.pick(1, 3, 15) {
        for name in setting.python()?.workloads(&SUBJECTS) {
            table.add(name, &all_numbers(&script(setting, "imports.py", &[name])?, &["cpu_ms", "wall_ms"])?);
        }
    }
    Ok(vec![table])
}
