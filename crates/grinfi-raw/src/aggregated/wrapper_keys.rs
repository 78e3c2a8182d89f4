//! The records that the API sends wrapped, and the key of each wrapper.

use crate::{Aggregate, types};

impl Aggregate for types::Contact {
    const KEY: &'static str = "lead";
}

impl Aggregate for types::Company {
    const KEY: &'static str = "company";
}

impl Aggregate for types::Webhook {
    const KEY: &'static str = "data";
}
