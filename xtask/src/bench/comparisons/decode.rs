//! Reading 20,000 contacts, in two searches of the 10,000 that one search reaches.

use anyhow::Result;

use super::{all_told, subject};
use crate::bench::{Setting, process::Server, table::Table};

const SUBJECTS: [&str; 4] = ["bytes", "handwritten", "raw", "grinfi"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let server = Server::start(&setting.program, &["--rows", "10000"])?;
    let mut table = Table::new(
        "decode",
        "Reading 20,000 contacts in pages of 100, Rust",
        "handwritten",
        &[("CPU", "s"), ("wall", "s"), ("peak memory", "MB")],
    );
    "`handwritten` is reqwest and serde with a struct of the fields as they come, `bytes` receives and decodes nothing."
        .clone_into(&mut table.note);
    for _ in 0..setting.pick(3, 15) {
        for name in SUBJECTS {
            let arguments = ["decode", name, &server.url, "--rows", "10000", "--times", "2"];
            table.add(name, &all_told(&subject(setting, &arguments)?, &["cpu_s", "wall_s", "peak_mb"])?);
        }
    }
    Ok(vec![table])
}
