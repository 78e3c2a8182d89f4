//! The records of this API that come wrapped, each with the key it stands under.

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
