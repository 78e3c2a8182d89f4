//! Reading 20,000 contacts in Rust, in two searches of 10,000, the most that one search returns.

use anyhow::Result;

use super::{all_numbers, workload};
use crate::bench::{Setting, callgrind, process::Server, table::Table};

const SUBJECTS: [&str; 4] = ["bytes", "handwritten", "raw", "grinfi"];

pub fn run(setting: &Setting) -> Result<Vec<Table>> {
    let rows = setting.pick("200", "10000", "10000");
    let server = Server::start(&setting.program, &["--rows", rows])?;
    let counts = callgrind::counts(setting);
    let mut columns = vec![("CPU", "s"), ("wall", "s"), ("peak memory", "MB")];
    if counts {
        columns.push(("instructions", "a contact"));
    }
    let title = "Reading 20,000 contacts in pages of 100, Rust";
    let mut table = Table::new("decode", title, "handwritten", &columns);
    "`handwritten` is reqwest and serde with a plain struct; `bytes` receives the bytes and decodes nothing."
        .clone_into(&mut table.note);
    let few = if counts { Some(Server::start(&setting.program, &["--rows", "500"])?) } else { None };
    for round in 0..setting.pick(1, 3, 15) {
        for name in SUBJECTS {
            let arguments = ["decode", name, &server.url, "--rows", rows, "--times", "2"];
            let mut values = all_numbers(&workload(setting, &arguments)?, &["cpu_s", "wall_s", "peak_mb"])?;
            if let Some(few) = few.as_ref().filter(|_| round == 0) {
                let [less, more] =
                    ["1", "3"].map(|times| ["decode", name, &few.url, "--rows", "500", "--times", times]);
                values.push(callgrind::difference(setting, &less, &more)? / 1000.0);
            }
            table.add(name, &values);
        }
    }
    Ok(vec![table])
}
