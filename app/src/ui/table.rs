//! Tables that become cards on a phone. The roles are written out because there the cells are no
//! table to a browser any more.

use askama::Template;
use leptos::prelude::*;
use leptos::tachys::view::IntoRender;

use crate::ui::Markup;

/// A column; its heading is in the language of the page.
#[derive(Clone, Copy)]
pub struct Column {
    label: &'static str,
    class: Option<&'static str>,
    is_hidden: bool,
}

impl Column {
    pub fn text(label: &'static str) -> Column {
        Column { label, class: None, is_hidden: false }
    }

    pub fn amount(label: &'static str) -> Column {
        Column { label, class: Some("cell-amount"), is_hidden: false }
    }

    pub fn number(label: &'static str) -> Column {
        Column { label, class: Some("cell-number"), is_hidden: false }
    }

    /// With a heading that is only read out.
    pub fn action(label: &'static str) -> Column {
        Column { label, class: None, is_hidden: true }
    }
}

#[derive(Template)]
#[template(path = "table.html")]
struct Written<'a> {
    caption: &'static str,
    columns: &'a [Column],
    rows: Vec<Markup>,
}

/// `rows` are `<tr role="row">`.
#[component]
pub fn Table<const N: usize>(caption: &'static str, columns: [Column; N], rows: Vec<Markup>) -> impl IntoView {
    table(caption, &columns, rows).into_render()
}

pub fn table(caption: &'static str, columns: &[Column], rows: Vec<Markup>) -> Markup {
    Markup::written(&Written { caption, columns, rows })
}
