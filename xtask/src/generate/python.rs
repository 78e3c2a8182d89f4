//! placeholder
pub fn generate(_: &serde_json::Value) -> anyhow::Result<String> {
    Ok(String::new())
}
