//! Percent encoding of URLs.

/// Decodes `%XX`. Invalid escapes, and texts that would not be UTF-8, stay as they are.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = || {
            let digits = bytes.get(at + 1..at + 3)?;
            let digit = |digit: u8| char::from(digit).to_digit(16);
            u8::try_from(digit(*digits.first()?)? * 16 + digit(*digits.get(1)?)?).ok()
        };
        match (byte == b'%').then(escape).flatten() {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_invalid_escapes() {
        assert_eq!(percent_decode("a%2"), "a%2");
        assert_eq!(percent_decode("a%zz%41"), "a%zzA");
        assert_eq!(percent_decode("%FF"), "%FF");
        assert_eq!(percent_decode("%"), "%");
        assert_eq!(percent_decode("%€"), "%€");
    }
}
