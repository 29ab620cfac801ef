//! Usage of orders that end, pause or change hands, and of two calls at the same time.

use billing::orders::Invoicing;
use domain::access::Actor;
use domain::ids::OrderId;
use domain::money::Amount;
use domain::orders::{By, Order, OrderStatus};
use domain::usage::ActivityStatus;
use testkit::scene::{new_order, record, used};
use testkit::{Scene, scenes};

use crate::refusal;

/// An order of pages, its first period billed.
async fn printing(scene: &Scene) -> Order {
    let john = scene.customer("JOHNDOE001").await;
    let placed = scene.place(john, new_order("WHITE-LBL-A", &[("PAGES", "1")]), Invoicing::Now).await;
    placed.expect("the order is good").order
}

/// As an action on the order does.
async fn move_to(scene: &Scene, id: OrderId, to: OrderStatus) {
    let moved = scene.billing.unit(scene.org, &Actor::System, async |unit| {
        let order = store::orders::find(&mut unit.tx, unit.org.id, id).await?.expect("the order is there");
        let order = order.moved(to, By::Action, unit.today).expect("it may be moved");
        store::orders::save(&mut unit.tx, unit.org.id, &order).await?;
        Ok(())
    });
    moved.await.expect("the order is saved");
}

/// (status, amount) of all that was used, by day and id.
async fn rated(scene: &Scene) -> Vec<(ActivityStatus, Option<Amount>)> {
    let mut view = scene.billing.view(&scene.organization("acme").await).await.unwrap();
    let page = store::Page { offset: 0, max: 100 };
    let listed = billing::activities::list(&mut view, &billing::activities::Asked::default(), page).await.unwrap().0;
    listed.into_iter().map(|activity| (activity.status, activity.rated.map(|rated| rated.amount))).collect()
}

async fn totals(scene: &Scene, order: &Order) -> Vec<i64> {
    scene.invoices(order.customer).await.iter().map(|invoice| invoice.head.total.0).collect()
}

const UNBILLED: (ActivityStatus, Option<Amount>) = (ActivityStatus::Unbilled, None);

fn processed(amount: i64) -> (ActivityStatus, Option<Amount>) {
    (ActivityStatus::Processed, Some(Amount(amount)))
}

scenes! {
    async fn what_a_canceled_order_used_is_billed_by_the_next_run_and_more_of_it_by_the_one_after(scene: Scene) {
        let order = printing(&scene).await;
        record(&scene.billing, scene.org, &[used(&order, "110", "2011-09-21", None)]).await.unwrap();
        scene.advance("2011-09-25T12:00:00Z").await.unwrap();
        move_to(&scene, order.id, OrderStatus::Canceled).await;
        let after = record(&scene.billing, scene.org, &[used(&order, "1", "2011-09-25", None)]).await;
        assert!(refusal(after).contains("must be a day on which the order runs; 2011-09-25 is not"));
        record(&scene.billing, scene.org, &[used(&order, "10", "2011-09-24", None)]).await.unwrap();
        scene.advance("2011-09-26T12:00:00Z").await.unwrap();
        assert_eq!(totals(&scene, &order).await, [6050, 3300]);
        assert_eq!(rated(&scene).await, [processed(1650), processed(1650)]);
        record(&scene.billing, scene.org, &[used(&order, "2", "2011-09-22", None)]).await.unwrap();
        scene.advance("2011-12-01T00:00:00Z").await.unwrap();
        assert_eq!(totals(&scene, &order).await, [6050, 3300, 330]);
        assert_eq!(rated(&scene).await, [processed(1650), processed(330), processed(1650)]);
        scene.check().await;
    }

    async fn an_order_that_was_canceled_before_it_ran_has_no_usage(scene: Scene) {
        let order = printing(&scene).await;
        move_to(&scene, order.id, OrderStatus::Canceled).await;
        let refused = record(&scene.billing, scene.org, &[used(&order, "1", "2011-09-20", None)]).await;
        assert!(refusal(refused).contains("2011-09-20 is not"));
        scene.check().await;
    }

    async fn usage_waits_while_its_order_or_its_customer_is_suspended(scene: Scene) {
        let order = printing(&scene).await;
        move_to(&scene, order.id, OrderStatus::Suspended).await;
        record(&scene.billing, scene.org, &[used(&order, "101", "2011-09-20", None)]).await.unwrap();
        let paused = record(&scene.billing, scene.org, &[used(&order, "1", "2011-09-21", None)]).await;
        assert!(refusal(paused).contains("2011-09-21 is not"));
        scene.advance("2011-10-05T00:00:00Z").await.unwrap();
        assert_eq!(rated(&scene).await, [UNBILLED]);
        move_to(&scene, order.id, OrderStatus::Active).await;
        scene.advance("2011-11-01T00:00:00Z").await.unwrap();
        assert_eq!(rated(&scene).await, [processed(165)]);
        scene.check().await;
    }

    parallel async fn the_same_upload_twice_at_once_is_stored_once(scene: Scene) {
        let order = printing(&scene).await;
        let requests = [used(&order, "1", "2011-09-20", Some("U-1")), used(&order, "2", "2011-09-21", Some("U-2"))];
        let (one, other) = tokio::join!(
            record(&scene.billing, scene.org, &requests),
            record(&scene.billing, scene.org, &requests)
        );
        assert_eq!(one.unwrap(), other.unwrap());
        assert_eq!(rated(&scene).await, [UNBILLED, UNBILLED]);
    }

    parallel async fn usage_that_comes_while_its_last_period_is_billed_is_billed_once(scene: Scene) {
        let order = printing(&scene).await;
        scene.advance("2011-09-25T12:00:00Z").await.unwrap();
        move_to(&scene, order.id, OrderStatus::Canceled).await;
        let requests = [used(&order, "150", "2011-09-21", None)];
        let (ran, recorded) = tokio::join!(
            scene.advance("2011-09-26T00:00:00Z"),
            record(&scene.billing, scene.org, &requests)
        );
        ran.unwrap();
        recorded.unwrap();
        scene.advance("2011-09-28T00:00:00Z").await.unwrap();
        assert_eq!(totals(&scene, &order).await, [6050, 8250]);
        assert_eq!(rated(&scene).await, [processed(8250)]);
        scene.check().await;
    }

    async fn a_list_takes_as_many_statements_however_long_it_is(mut_scene: Scene) {
        let mut scene = mut_scene;
        let mut orders = Vec::new();
        for n in 0..6 {
            let customer = scene.customer(&format!("C{n}")).await;
            let new = new_order("WHITE-LBL-A", &[("PAGES", "1")]);
            orders.push(scene.place(customer, new, Invoicing::Later).await.unwrap().order);
        }
        let mut counted = Vec::new();
        for count in [1, 6] {
            scene.faults.reset();
            scene.billing = scene.process();
            let requests: Vec<_> = orders[..count].iter().map(|order| used(order, "1", "2011-09-20", None)).collect();
            record(&scene.billing, scene.org, &requests).await.unwrap();
            counted.push(scene.faults.steps());
        }
        assert_eq!(counted[0], counted[1], "{:#?}", scene.faults.trace());
    }
}
