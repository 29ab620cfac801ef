//! Usage: it comes in, and is billed.

use billing::orders::Invoicing;
use domain::activities::FullActivity;
use testkit::scene::{new_order, record, used};
use testkit::{Scene, scenes};

use crate::walk::{Again, name, walk};

/// An order of pages, for a customer of its own.
async fn printing(scene: &Scene, step: usize) -> (domain::orders::Order, String) {
    let customer = scene.customer(&name(step)).await;
    let new = new_order("WHITE-LBL-A", &[("PAGES", "1")]);
    let placed = scene.place(customer, new, Invoicing::Now).await.expect("the order is good");
    (placed.order, name(step))
}

scenes! {
    async fn usage_is_stored_whole_and_once_wherever_the_process_dies(scene: Scene) {
        walk(scene, Again::ChangesNothing, printing, async |scene, (order, name)| {
            let of = |quantity, n| used(order, quantity, "2011-09-25", Some(&format!("{name}-{n}")));
            record(&scene.billing, scene.org, &[of("150", 1), of("2", 2)]).await
        }).await;
    }

    async fn usage_without_a_reference_is_stored_each_time_it_is_sent(scene: Scene) {
        walk(scene, Again::Twice, printing, async |scene, (order, _)| -> billing::Result<Vec<FullActivity>> {
            record(&scene.billing, scene.org, &[used(order, "150", "2011-09-25", None)]).await
        }).await;
    }
}
