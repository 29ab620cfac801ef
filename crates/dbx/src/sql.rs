//! Statement texts: what `q!` checks at compile time and registers.

/// A static statement: the same words on both engines, or one text for each.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Sql {
    pub const fn new(both: &'static str) -> Sql {
        Sql { sqlite: both, postgres: both }
    }

    /// Fails the build when the placeholders and the arguments do not match.
    pub const fn expect_params(&self, count: usize) {
        assert!(highest_placeholder(self.sqlite) == count, "placeholders ($n) and arguments differ in number");
        assert!(highest_placeholder(self.postgres) == count, "placeholders ($n) and arguments differ in number");
    }
}

/// Every statement written with `q!`, for the test that prepares them all.
#[linkme::distributed_slice]
pub static STATEMENTS: [Statement];

/// A statement and where it is written.
#[derive(Debug)]
pub struct Statement {
    pub sql: Sql,
    pub file: &'static str,
    pub line: u32,
}

const fn highest_placeholder(sql: &str) -> usize {
    let text = sql.as_bytes();
    let (mut i, mut highest) = (0, 0);
    while i < text.len() {
        if text[i] == b'$' {
            let mut n = 0;
            while i + 1 < text.len() && text[i + 1].is_ascii_digit() {
                i += 1;
                n = n * 10 + (text[i] - b'0') as usize;
            }
            if n > highest {
                highest = n;
            }
        }
        i += 1;
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::highest_placeholder;

    #[test]
    fn the_highest_placeholder_counts_wherever_it_stands() {
        assert_eq!(highest_placeholder("SELECT 1"), 0);
        assert_eq!(highest_placeholder("SELECT $1, $1"), 1);
        assert_eq!(highest_placeholder("($12, $3)"), 12);
        assert_eq!(highest_placeholder("costs $"), 0);
    }
}
