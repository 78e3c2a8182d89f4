//! The attributes of the clients.

use std::collections::BTreeSet;

use super::{surface::Resource, text::docstring};

/// The module `clients.py`. The resources in `extended` have hand-written methods.
pub fn render(resources: &[Resource], extended: &BTreeSet<String>) -> String {
    let module = |resource: &Resource, prefix: &str| match (extended.contains(&resource.attribute), prefix) {
        (true, "") => format!(".._sync.resources.{}", resource.attribute),
        (true, _) => format!(".._async.resources.{}", resource.attribute),
        (false, _) => format!(".resources.{}", resource.attribute),
    };
    let mut out = String::from(
        "\"\"\"Resources of the clients. Each is imported when it is first used.\"\"\"\n\n\
         from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n\
         from .._async.client import AsyncApiClient\nfrom .._cached_property import cached_property\nfrom .._sync.client import ApiClient\n\nif TYPE_CHECKING:\n",
    );
    for resource in resources {
        let class = &resource.class;
        match extended.contains(&resource.attribute) {
            false => {
                out.push_str(&format!("    from {} import Async{class}, {class}\n", module(resource, "")))
            }
            true => {
                out.push_str(&format!("    from {} import Async{class}\n", module(resource, "Async")));
                out.push_str(&format!("    from {} import {class}\n", module(resource, "")));
            }
        }
    }
    out.push_str("\n__all__ = [\"AsyncResources\", \"Resources\"]\n");
    for (class, base, prefix) in
        [("Resources", "ApiClient", ""), ("AsyncResources", "AsyncApiClient", "Async")]
    {
        out.push_str(&format!(
            "\n\nclass {class}({base}):\n    \"\"\"Resources of a client, as attributes.\"\"\"\n"
        ));
        for resource in resources {
            let name = format!("{prefix}{}", resource.class);
            out.push_str(&format!(
                "\n    @cached_property\n    def {}(self) -> {name}:\n",
                resource.attribute
            ));
            out.push_str(&docstring(std::slice::from_ref(&resource.doc), 8));
            out.push_str(&format!(
                "        from {} import {name}\n\n        return {name}(self)\n",
                module(resource, prefix)
            ));
        }
    }
    out
}

/// A module for each resource with its classes, under `grinfi.resources`.
pub fn public_modules(resources: &[Resource], extended: &BTreeSet<String>) -> Vec<(String, String)> {
    let module = |Resource { class, attribute, doc, .. }: &Resource| {
        let imports = match extended.contains(attribute) {
            true => format!(
                "from .._async.resources.{attribute} import Async{class}\nfrom .._sync.resources.{attribute} import {class}\n"
            ),
            false => format!("from .._generated.resources.{attribute} import Async{class}, {class}\n"),
        };
        let all = format!("__all__ = [\"Async{class}\", \"{class}\"]\n");
        (attribute.clone(), format!("\"\"\"{doc}\"\"\"\n\n{imports}\n{all}"))
    };
    resources.iter().map(module).collect()
}
