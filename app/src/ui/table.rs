//! Tables that become cards on a phone. The roles are written out because there the cells are no
//! table to a browser any more.

use leptos::prelude::*;

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

/// `rows` are `<tr role="row">`.
#[component]
pub fn Table<const N: usize>(caption: &'static str, columns: [Column; N], rows: Vec<AnyView>) -> impl IntoView {
    let head = |column: &Column| {
        let label = column.label;
        let shown = if column.is_hidden {
            view! { <span class="visually-hidden">{label}</span> }.into_any()
        } else {
            label.into_any()
        };
        view! { <th role="columnheader" scope="col" class=column.class>{shown}</th> }
    };
    view! {
        <table class="table" role="table">
            <caption class="visually-hidden">{caption}</caption>
            <thead role="rowgroup"><tr role="row">{columns.iter().map(head).collect_view()}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}
