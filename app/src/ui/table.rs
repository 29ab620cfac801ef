//! Tables that become cards on a phone. The roles are written out because there the cells are no
//! table to a browser any more.

use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Column {
    label: &'static str,
    class: Option<&'static str>,
    is_hidden: bool,
}

impl Column {
    pub const fn text(label: &'static str) -> Column {
        Column { label, class: None, is_hidden: false }
    }

    pub const fn amount(label: &'static str) -> Column {
        Column { label, class: Some("cell-amount"), is_hidden: false }
    }

    pub const fn number(label: &'static str) -> Column {
        Column { label, class: Some("cell-number"), is_hidden: false }
    }

    /// With a heading that is only read out.
    pub const fn action(label: &'static str) -> Column {
        Column { label, class: None, is_hidden: true }
    }
}

/// `rows` are `<tr role="row">`.
#[component]
pub fn Table(caption: &'static str, columns: &'static [Column], rows: Vec<AnyView>) -> impl IntoView {
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
