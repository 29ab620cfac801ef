//! What a customer may choose as password in the portal: long enough, not the user name, not one that everybody
//! guesses first. How it is composed is nobody's business (OWASP ASVS 5.0, 6.2).

use crate::contacts::Password;

/// Characters.
pub const PASSWORD_MIN: usize = 8;
pub const PASSWORD_MAX: usize = 128;

/// The 3000 commonest passwords of at least eight characters, in small letters and sorted: from the lists of zxcvbn
/// (MIT, Copyright 2012-2016 Dan Wheeler and Dropbox, Inc.).
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakPassword {
    TooShort,
    TooLong,
    IsUsername,
    TooCommon,
}

crate::names!(WeakPassword {
    TooShort => "tooShort",
    TooLong => "tooLong",
    IsUsername => "isUsername",
    TooCommon => "tooCommon",
});

/// Whether a contact of this name may have this password from now on.
pub fn check_chosen(password: &Password, username: &str) -> Result<(), WeakPassword> {
    let length = password.expose().chars().count();
    if length < PASSWORD_MIN {
        return Err(WeakPassword::TooShort);
    }
    if length > PASSWORD_MAX {
        return Err(WeakPassword::TooLong);
    }
    let folded = Password::new(password.expose().to_lowercase());
    if folded.expose().trim() == username.to_lowercase() {
        return Err(WeakPassword::IsUsername);
    }
    if is_common(folded.expose()) { Err(WeakPassword::TooCommon) } else { Ok(()) }
}

/// One character over and over is as common as the list.
fn is_common(folded: &str) -> bool {
    let mut rest = folded.chars();
    let first = rest.next();
    rest.all(|c| Some(c) == first) || COMMON.lines().any(|line| line == folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), WeakPassword> {
        check_chosen(&Password::new(password), "johndoe1")
    }

    #[test]
    fn a_password_is_long_and_neither_the_name_nor_what_everybody_takes() {
        for good in ["correct horse", "äöüäöüäö", "nodigitshere", "johndoe12", &"x1".repeat(64)] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("", WeakPassword::TooShort),
            ("Ab1!xyz", WeakPassword::TooShort),
            ("üüüüüüü", WeakPassword::TooShort),
            ("JohnDoe1", WeakPassword::IsUsername),
            (" johndoe1 ", WeakPassword::IsUsername),
            ("password", WeakPassword::TooCommon),
            ("PassWord", WeakPassword::TooCommon),
            ("1qaz2wsx", WeakPassword::TooCommon),
            ("ßßßßßßßßß", WeakPassword::TooCommon),
        ] {
            assert_eq!(check(bad), Err(why), "{bad}");
        }
        assert_eq!(check(&"x1".repeat(65)), Err(WeakPassword::TooLong));
    }

    #[test]
    fn the_list_holds_what_it_says() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert_eq!(lines.len(), 3000);
        assert!(lines.is_sorted() && lines.iter().all(|line| line.chars().count() >= PASSWORD_MIN));
    }
}
