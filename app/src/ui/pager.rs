//! From one page of a list to the next.

use billing::portal::{Extent, ROWS};
use leptos::prelude::*;
use texts::Texts;

use crate::ui::{Icon, Place};

/// Which rows of how many are shown, and links to the others. `query`: what the list is of, `status=paid&`.
#[component]
pub fn Pager(t: Texts, place: Place, of: Extent, query: String) -> impl IntoView {
    let Extent { page, pages, total, has_more } = of;
    // A page with a parameter in its path is left by its query only.
    let base = if place.page.contains(':') { String::new() } else { place.to(place.page) };
    let link = move |page: i64| format!("{base}?{query}page={page}");
    let first = t.number((page - 1) * ROWS + 1);
    let last = t.number((page * ROWS).min(total));
    let total = t.number(total);
    let rows = if has_more { t.rows_of_more(first, last, total) } else { t.rows_of_total(first, last, total) };
    let newer = view! { <Icon name="previous" class="icon icon-directed"/>" "{t.newer()} };
    let older = view! { {t.older()}" "<Icon name="next" class="icon icon-directed"/> };
    let links = (pages > 1).then(|| {
        let newer = if page > 1 {
            view! { <a class="button button-small" href=link(page - 1) rel="prev">{newer}</a> }.into_any()
        } else {
            view! { <span class="button button-small" aria-disabled="true">{newer}</span> }.into_any()
        };
        let older = if page < pages {
            view! { <a class="button button-small" href=link(page + 1) rel="next">{older}</a> }.into_any()
        } else {
            view! { <span class="button button-small" aria-disabled="true">{older}</span> }.into_any()
        };
        view! { <span class="cluster">{newer}" "{older}</span> }
    });
    view! {
        <nav class="pager" aria-label=t.pages()>
            <span>{rows}</span>
            {links}
        </nav>
    }
}
