//! The `<status>` answers: done, and refused with every reason.

use domain::checks::Problems;

use crate::writer::Writer;

/// Delete and the like have no object to show.
pub fn success() -> String {
    let mut writer = Writer::with_capacity(128);
    writer.element("status", |status| status.boolean("success", true));
    writer.finish()
}

/// Clients rely on at least one `error`, so an empty list still gives one.
pub fn failure<'a>(errors: impl IntoIterator<Item = &'a str>) -> String {
    let mut errors = errors.into_iter().filter(|error| !error.is_empty()).peekable();
    let mut writer = Writer::with_capacity(512);
    writer.element("status", |status| {
        status.boolean("success", false);
        status.element("errors", |list| {
            if errors.peek().is_none() {
                list.text("error", "The request was refused.");
            }
            for error in errors {
                list.text("error", error);
            }
        });
    });
    writer.finish()
}

/// One `error` for each problem.
pub fn refused(problems: &Problems) -> String {
    failure(problems.iter().map(|problem| problem.message.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

    #[test]
    fn success_is_the_confirmation_status() {
        assert_eq!(success(), format!("{HEAD}<status><success>true</success></status>"));
    }

    #[test]
    fn every_problem_is_an_error_of_its_own_and_escaped() {
        let mut problems = Problems::new();
        problems.add("name", "name is required.");
        problems.add("status", "status must be <Active> & well.");
        assert_eq!(
            refused(&problems),
            format!(
                "{HEAD}<status><success>false</success><errors><error>name is required.</error>\
                 <error>status must be &lt;Active&gt; &amp; well.</error></errors></status>"
            )
        );
    }

    #[test]
    fn a_refusal_without_reasons_still_has_an_error() {
        assert!(failure([""]).contains("<errors><error>The request was refused.</error></errors>"));
    }
}
