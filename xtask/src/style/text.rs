//! Turns a file into one text in which phrases are found: names are split into words, and comments that continue on the next
//! line are joined.

/// A text in which `_` and capitals inside of names are blanks, and single line breaks too.
pub struct Text {
    pub words: String,
    /// Where each line of the file begins in `words`.
    starts: Vec<usize>,
}

impl Text {
    pub fn new(content: &str) -> Self {
        let mut words = String::with_capacity(content.len());
        let mut starts = Vec::new();
        for line in content.lines() {
            let line = without_marker(line);
            starts.push(words.len());
            push_words(line, &mut words);
            // A phrase does not go on after an empty line.
            words.push_str(if line.is_empty() { "\n\n" } else { " " });
        }
        Self { words, starts }
    }

    /// The line, counted from 1, that a position in `words` belongs to.
    pub fn line(&self, position: usize) -> usize {
        self.starts.partition_point(|start| *start <= position)
    }
}

/// The words of a name or of a path.
pub fn words_of(name: &str) -> String {
    let mut words = String::new();
    push_words(name, &mut words);
    words
}

/// Removes the indentation and the marker of a comment or of a list.
fn without_marker(line: &str) -> &str {
    let line = line.trim();
    let markers = ["///", "//!", "//", "#"];
    let rest = markers.iter().find_map(|marker| line.strip_prefix(marker));
    rest.unwrap_or(line).trim()
}

fn push_words(line: &str, words: &mut String) {
    let mut before = ' ';
    for character in line.chars() {
        let hump = character.is_uppercase() && before.is_lowercase();
        if hump {
            words.push(' ');
        }
        match character {
            '_' if before == ' ' => {}
            '_' => words.push(' '),
            _ => words.push(character),
        }
        before = if character == '_' { ' ' } else { character };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_names_into_words() {
        assert_eq!(words_of("fn look_up(&self) -> RateLimit"), "fn look up(&self) -> Rate Limit");
        assert_eq!(words_of("_by_hand.py"), "by hand.py");
        assert_eq!(words_of("HTTPServer2Go"), "HTTPServer2Go");
    }

    #[test]
    fn joins_comments_that_continue_on_the_next_line() {
        let text = Text::new("/// Sends the\n/// request.\n\nfn send() {}\n");
        assert_eq!(text.words, "Sends the request. \n\nfn send() {} ");
        assert_eq!(text.line(text.words.find("request").unwrap()), 2);
        assert_eq!(text.line(text.words.find("fn").unwrap()), 4);
    }
}
