//! What becomes of orders.

use billing::orders::Invoicing;
use billing::{change_orders, order_actions, order_batches, order_updates};
use domain::access::Actor;
use domain::changes::Change;
use domain::ids::{CustomerId, OrderId};
use domain::orders::{OrderStatus, OrderUpdate};
use testkit::scene::new_order;
use testkit::{Scene, scenes};

use crate::walk::{Again, name, walk};

const BY: &Actor = &Actor::System;

async fn order(scene: &Scene, step: usize, invoicing: Invoicing) -> OrderId {
    let customer = scene.customer(&name(step)).await;
    scene.place(customer, new_order("WHITE-LBL-A", &[]), invoicing).await.expect("the order is good").order.id
}

async fn unbilled(scene: &Scene, step: usize) -> OrderId {
    order(scene, step, Invoicing::Later).await
}

async fn customer(scene: &Scene, step: usize) -> CustomerId {
    scene.customer(&name(step)).await
}

scenes! {
    async fn an_order_is_changed_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, unbilled, async |scene, id| {
            let update = &OrderUpdate {
                status: Some(OrderStatus::Suspended),
                notes: Change::To("Call first".to_owned()),
                ..OrderUpdate::default()
            };
            scene.billing.unit(scene.org, BY, async |unit| order_updates::update(unit, *id, update).await).await
        }).await;
    }

    async fn an_order_is_deleted_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, unbilled, async |scene, id| {
            scene.billing.unit(scene.org, BY, async |unit| order_updates::delete(unit, *id).await).await
        }).await;
    }

    async fn an_order_is_suspended_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, unbilled, async |scene, id| {
            let to = OrderStatus::Suspended;
            scene.billing.unit(scene.org, BY, async |unit| order_actions::act(unit, *id, to).await).await
        }).await;
    }

    async fn an_order_is_invoiced_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, unbilled, async |scene, id| {
            scene.billing.unit(scene.org, BY, async |unit| order_actions::generate_invoice(unit, *id).await).await
        }).await;
    }

    async fn many_orders_are_placed_whole_and_who_asks_again_has_others(scene: Scene) {
        walk(scene, Again::Twice, customer, async |scene, id| {
            let orders = &[(*id, new_order("WHITE-LBL-A", &[])), (*id, new_order("FIXED-10", &[("FLAT", "1")]))];
            let place = order_batches::place_all;
            scene.billing.unit(scene.org, BY, async |unit| place(unit, orders, Invoicing::Now).await).await
        }).await;
    }

    async fn an_order_is_continued_by_another_once(scene: Scene) {
        let billed = async |scene: &Scene, step| order(scene, step, Invoicing::Now).await;
        walk(scene, Again::ChangesNothing, billed, async |scene, id| {
            let new = &new_order("FIXED-10", &[("FLAT", "9")]);
            scene.billing.unit(scene.org, BY, async |unit| change_orders::change(unit, *id, None, new).await).await
        }).await;
    }
}
