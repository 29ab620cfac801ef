//! Where a line may end.

/// Whether a line may end before the byte `at`.
pub fn may_break(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let (Some(last), Some(next)) = (before.next(), text[at..].chars().next()) else {
        return false;
    };
    if next.is_whitespace() || matches!(last, '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{2060}') {
        return false;
    }
    if last.is_whitespace() || last == '\u{200b}' {
        return true;
    }
    if matches!(last, '-' | '–' | '/' | '@' | '_') {
        return next.is_alphabetic() && before.next().is_some_and(char::is_alphanumeric);
    }
    (is_ideographic(last) || is_ideographic(next)) && !never_starts_a_line(next) && !never_ends_a_line(last)
}

fn is_ideographic(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

fn never_starts_a_line(character: char) -> bool {
    "、。，．・：；？！）］｝」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}%".contains(character)
}

fn never_ends_a_line(character: char) -> bool {
    "（［｛「『【〈《〔([{￥＄".contains(character)
}
