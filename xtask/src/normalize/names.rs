//! Names operations without an `operationId`, which progenitor requires, by method and path: `getOrdersByIdItems` for
//! `GET /orders/{id}/items`.

use anyhow::Result;
use heck::{ToLowerCamelCase, ToPascalCase};
use serde_json::Value;

use crate::tree::{self, OpName};

pub fn run(doc: &mut Value) -> Result<()> {
    tree::for_each_operation(doc, |name, op| {
        if name.id.is_none() {
            op.insert("operationId".into(), Value::from(name_of(name)));
        }
        Ok(())
    })
}

/// The id of an operation, or the name that it gets.
pub fn name_of(op: &OpName) -> String {
    if let Some(id) = &op.id {
        return id.clone();
    }
    let mut name = op.method.to_lower_camel_case();
    for step in op.path.split('/') {
        match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
            Some(variable) => name.push_str(&format!("By{}", variable.to_pascal_case())),
            None => name.push_str(&step.to_pascal_case()),
        }
    }
    if op.path == "/" {
        name.push_str("Root");
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operation_without_id_is_named_by_method_and_path() {
        let mut doc = json!({"paths": {"/": {"get": {}}, "/orders/{order-id}/line-items": {
            "get": {}, "post": {"operationId": "addItem"}}}});
        run(&mut doc).unwrap();
        assert_eq!(doc["paths"]["/"]["get"]["operationId"], "getRoot");
        let items = &doc["paths"]["/orders/{order-id}/line-items"];
        assert_eq!(items["get"]["operationId"], "getOrdersByOrderIdLineItems");
        assert_eq!(items["post"]["operationId"], "addItem");
    }
}
