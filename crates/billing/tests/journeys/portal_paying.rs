//! What customers do in the portal about paying: any amount, with what is on file, by a plan, or without a login.

use std::sync::Arc;

use billing::payment_plans::{self, Acceptance, CannotBegin};
use billing::portal::{CannotKeep, CannotPay, Me, MethodState, NewMethod, Next, PayWith, Wish};
use billing::sessions::Checkout;
use billing::{payment_methods, quick_pay};
use domain::access::Actor;
use domain::autopay::NextCharge;
use domain::checkout::NotPayable;
use domain::dates::{Date, TimeUnit};
use domain::ids::CustomerId;
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::organizations::{CardSaving, PortalMethod};
use domain::payment_methods::Secret;
use domain::payment_plans::{CannotAccept, PlanStatus};
use domain::payments::PaymentStatus;
use domain::typed_amounts::{DecimalMark, NotTyped};
use domain::wallet::{AccountNumber, AccountType, BankAccount, CardNumber, RoutingNumber};
use futures_util::future::join_all;
use testkit::scene::card;
use testkit::{Scene, Script, scenes};
use wire::payment_plans::PaymentPlanRequest;

pub async fn me(scene: &Scene, customer: CustomerId) -> Me {
    let org = scene.organization("acme").await;
    let mut view = scene.billing.view(&org).await.expect("a view");
    let customer = billing::customers::get(&mut view, customer).await.expect("a customer");
    Me::new(scene.billing.clone(), org, (&customer).into(), None).expect("may enter")
}

pub fn wish(invoice: &str) -> Wish {
    Wish { invoices: vec![invoice.to_owned()], ..Wish::default() }
}

fn some(invoices: &[&str], amount: &str) -> Wish {
    let invoices = invoices.iter().map(|number| (*number).to_owned()).collect();
    Wish { invoices, amount: Some(amount.to_owned()), mark: DecimalMark::Point }
}

pub fn in_hand() -> PayWith {
    PayWith::New(NewMethod { secret: visa(), keep: None })
}

fn visa() -> Secret {
    Secret::Card(Box::new(card()))
}

fn master() -> Secret {
    let number = CardNumber::parse("5555555555554444").expect("a right number");
    Secret::Card(Box::new(domain::wallet::Card { number, ..card() }))
}

fn account() -> Secret {
    Secret::BankAccount(Box::new(BankAccount {
        routing: RoutingNumber::parse("021000021").expect("a right number"),
        number: AccountNumber::parse("12345678").expect("a right number"),
        account_type: AccountType::Checking,
        holder: Some("John Doe".to_owned()),
        bank_name: None,
        billing_address: None,
    }))
}

fn with(mut me: Me, change: impl FnOnce(&mut domain::organizations::PortalProfile)) -> Me {
    change(&mut Arc::make_mut(&mut me.org).portal);
    me
}

async fn check_out(me: &Me, wish: &Wish) -> Checkout {
    me.check_out(wish, in_hand()).await.expect("it can be paid")
}

/// What is on file, in its order.
async fn on_file(me: &Me) -> Vec<String> {
    me.autopay().await.expect("the page is there").methods.iter().map(|on_file| on_file.method.context()).collect()
}

async fn offer(scene: &Scene, customer: CustomerId, start_on: Date) -> payment_plans::Saved {
    let request = &PaymentPlanRequest {
        id: None,
        charge_only_if_balance_owed: None,
        charge_amount: Some(20.into()),
        start_on: Some(start_on),
        total_installments: Some(4),
        frequency_value: Some(1),
        frequency_units: Some(TimeUnit::Weeks),
        is_enabled: None,
        is_offered: true,
    };
    let saved =
        scene.billing.unit(scene.org, &Actor::System, async |unit| payment_plans::save(unit, customer, request).await);
    saved.await.expect("there is no plan yet")
}

async fn acceptance(me: &Me) -> Acceptance {
    let plan = me.plan(None).await.expect("the page is there").expect("a plan is there").plan;
    Acceptance { plan: plan.id, terms_of: plan.updated_at }
}

scenes! {
    async fn a_part_is_paid_or_more_than_is_due_where_the_merchant_allows_it(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        let strict = me(&scene, john).await;
        for (amount, wanted) in [("20", NotPayable::LessThanDue), ("100", NotPayable::MoreThanDue)] {
            let refused = strict.check_out(&some(&["1019"], amount), in_hand()).await;
            assert!(matches!(refused, Err(CannotPay::Amount(why)) if why == wanted), "{refused:?}");
        }
        let free = with(strict.clone(), |portal| portal.free_amount = true);
        for (amount, wanted) in [("x", NotTyped::NotANumber), ("0.001", NotTyped::TooPrecise { scale: 2 })] {
            let refused = free.paying(&some(&["1019"], amount)).await;
            assert!(matches!(refused, Err(CannotPay::Typed(why)) if why == wanted), "{refused:?}");
        }
        let part = check_out(&free, &some(&["1019"], "20.50")).await;
        assert_eq!((part.amount_minor, part.due_minor), (2050, 6050));
        // What the profile allowed then it must allow still.
        assert!(matches!(strict.confirm(&part).await, Err(CannotPay::Amount(NotPayable::LessThanDue))));
        assert_eq!(free.confirm(&part).await.unwrap().head.status, PaymentStatus::Paid);
        assert_eq!(scene.balance(john).await, Amount(4000));
        let ahead = check_out(&free, &some(&[], "100")).await;
        let paid = free.confirm(&ahead).await.unwrap();
        // None was chosen: all that is open, and the rest is credit.
        assert_eq!((ahead.due_minor, paid.head.balance), (4000, Amount(6000)));
        assert_eq!(scene.find_invoice(invoice).await.head.status, InvoiceStatus::Paid);
        assert_eq!(scene.balance(john).await, Amount(-6000));
        scene.check().await;
    }

    async fn confirmed_twice_it_is_paid_once_even_where_any_amount_may_be_paid(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        let me = with(me(&scene, john).await, |portal| portal.free_amount = true);
        let checkout = check_out(&me, &some(&["1019"], "10")).await;
        let confirmed = join_all((0..4).map(|_| me.confirm(&checkout))).await;
        let numbers: Vec<String> = confirmed.into_iter().map(|paid| paid.unwrap().head.number).collect();
        assert!(numbers.iter().all(|number| *number == numbers[0]), "{numbers:?}");
        assert_eq!((scene.gateway.charged(), scene.balance(john).await), (Amount(1000), Amount(5050)));
        // Another confirmation is another payment.
        me.confirm(&check_out(&me, &some(&["1019"], "10")).await).await.unwrap();
        assert_eq!(scene.balance(john).await, Amount(4050));
        scene.check().await;
    }

    async fn what_is_on_file_is_paid_with_unless_it_is_gone_or_not_taken(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        let me = me(&scene, john).await;
        let kept = me.keep_method(1, account()).await.unwrap();
        let checkout = me.check_out(&wish("1019"), PayWith::OnFile(kept.id)).await.unwrap();
        let cards_only = with(me.clone(), |portal| portal.methods = vec![PortalMethod::Card]);
        assert!(matches!(cards_only.confirm(&checkout).await, Err(CannotPay::NotTaken)));
        assert!(matches!(cards_only.keep_method(2, account()).await, Err(CannotKeep::Pay(CannotPay::NotTaken))));
        let replaced = me.keep_method(1, visa()).await.unwrap();
        assert!(matches!(me.confirm(&checkout).await, Err(CannotPay::MethodGone)));
        let checkout = me.check_out(&wish("1019"), PayWith::OnFile(replaced.id)).await.unwrap();
        let paid = me.confirm(&checkout).await.unwrap().head;
        assert_eq!((paid.status, paid.method_context.as_str()), (PaymentStatus::Paid, "Visa: 1111"));
        let jane = scene.customer("JANE").await;
        scene.invoice(jane).await;
        let janes = self::me(&scene, jane).await;
        let foreign = janes.check_out(&wish("1020"), PayWith::OnFile(replaced.id)).await;
        assert!(matches!(foreign, Err(CannotPay::MethodGone)), "{foreign:?}");
    }

    async fn a_method_is_saved_as_the_merchant_wants_it(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        let me = me(&scene, john).await;
        for (saving, keep, is_allowed) in [
            (CardSaving::Offer, None, true),
            (CardSaving::Offer, Some(3), true),
            (CardSaving::Offer, Some(4), false),
            (CardSaving::Force, None, false),
            (CardSaving::Force, Some(1), true),
            (CardSaving::Never, None, true),
            (CardSaving::Never, Some(1), false),
        ] {
            let me = with(me.clone(), |portal| portal.card_saving = saving);
            let with = PayWith::New(NewMethod { secret: visa(), keep });
            let checked_out = me.check_out(&wish("1019"), with).await;
            let as_wanted = if is_allowed { checked_out.is_ok() } else { matches!(checked_out, Err(CannotPay::NotKept)) };
            assert!(as_wanted, "{saving} {keep:?}: {checked_out:?}");
            assert_eq!(me.may_keep(), saving != CardSaving::Never);
        }
        let with = PayWith::New(NewMethod { secret: visa(), keep: Some(2) });
        let checkout = me.check_out(&wish("1019"), with).await.unwrap();
        assert_eq!(on_file(&me).await, Vec::<String>::new(), "not before it has paid");
        me.confirm(&checkout).await.unwrap();
        assert_eq!(on_file(&me).await, ["Visa: 1111"]);
    }

    async fn methods_change_places_and_are_charged_in_their_new_order(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        let me = me(&scene, john).await;
        let first = me.keep_method(1, visa()).await.unwrap().id;
        let second = me.keep_method(2, master()).await.unwrap().id;
        me.move_method(second, 1).await.unwrap();
        assert_eq!(on_file(&me).await, ["MasterCard: 4444", "Visa: 1111"]);
        me.move_method(first, 3).await.unwrap();
        me.move_method(first, 3).await.unwrap();
        assert!(matches!(me.move_method(first, 4).await, Err(CannotKeep::Gone)));
        // Each token opens in its new place.
        let mut view = scene.billing.view(&me.org).await.unwrap();
        let chargeable = payment_methods::chargeable(&scene.billing, &mut view, john).await.unwrap();
        drop(view);
        let places: Vec<_> = chargeable.iter().map(|on_file| (on_file.method.preference, on_file.method.id)).collect();
        assert_eq!(places, [(1, second), (3, first)]);
        scene.gateway.next(Script::DeclineForGood);
        scene.advance("2011-09-21T12:00:00Z").await.unwrap();
        let autopay = me.autopay().await.unwrap();
        let states: Vec<_> = autopay.methods.iter().map(|on_file| on_file.state).collect();
        assert_eq!(states, [MethodState::Refused, MethodState::Good]);
        assert_eq!(scene.balance(john).await, Amount::ZERO, "the next in the order has paid");
    }

    async fn the_last_method_stays_where_autopay_may_not_be_switched_off(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let me = with(me(&scene, john).await, |portal| portal.allow_autopay_off = false);
        let first = me.keep_method(1, visa()).await.unwrap().id;
        let second = me.keep_method(2, account()).await.unwrap().id;
        me.remove_method(first).await.unwrap();
        assert!(matches!(me.remove_method(first).await, Err(CannotKeep::Gone)));
        assert!(matches!(me.remove_method(second).await, Err(CannotKeep::IsLast)));
        assert_eq!(on_file(&me).await, ["Checking: 5678"]);
        let free = with(me.clone(), |portal| portal.allow_autopay_off = true);
        free.remove_method(second).await.unwrap();
        assert_eq!((on_file(&me).await.len(), me.autopay().await.unwrap().next), (0, Next::Nothing));
    }

    async fn a_method_that_was_refused_for_good_does_not_stand_in_for_the_last_good_one(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        let me = with(me(&scene, john).await, |portal| portal.allow_autopay_off = false);
        let first = me.keep_method(1, visa()).await.unwrap().id;
        let second = me.keep_method(2, master()).await.unwrap().id;
        scene.gateway.next(Script::DeclineForGood);
        scene.advance("2011-09-21T12:00:00Z").await.unwrap();
        let autopay = me.autopay().await.unwrap();
        let are_last: Vec<_> = autopay.methods.iter().map(|on_file| (on_file.state, autopay.is_last(on_file))).collect();
        assert_eq!(are_last, [(MethodState::Refused, false), (MethodState::Good, true)]);
        assert!(matches!(me.remove_method(second).await, Err(CannotKeep::IsLast)));
        me.remove_method(first).await.unwrap();
        assert!(matches!(me.remove_method(second).await, Err(CannotKeep::IsLast)));
        assert_eq!(on_file(&me).await, ["MasterCard: 4444"]);
    }

    async fn a_card_that_the_processor_does_not_take_is_not_kept(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let me = me(&scene, john).await;
        scene.gateway.next(Script::Decline);
        let refused = me.keep_method(1, visa()).await;
        assert!(matches!(refused, Err(CannotKeep::Pay(CannotPay::MethodRefused(_)))), "{refused:?}");
        assert_eq!(on_file(&me).await, Vec::<String>::new());
    }

    async fn what_happens_next_is_what_the_run_does(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let me_now = async || me(&scene, john).await;
        me_now().await.keep_method(1, visa()).await.unwrap();
        assert_eq!(me_now().await.autopay().await.unwrap().next, Next::NextInvoice);
        scene.invoice(john).await;
        // Due today, whose run is over.
        let expected = NextCharge { on: Date::new(2011, 9, 21), amount: Amount(6050) };
        assert_eq!(me_now().await.autopay().await.unwrap().next, Next::Charge(expected));
        scene.gateway.next(Script::Decline);
        scene.advance("2011-09-21T12:00:00Z").await.unwrap();
        let expected = NextCharge { on: Date::new(2011, 9, 24), amount: Amount(6050) };
        assert_eq!(me_now().await.autopay().await.unwrap().next, Next::Charge(expected), "declined, and tried again");
        scene.advance("2011-09-23T12:00:00Z").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount(6050));
        scene.advance("2011-09-24T12:00:00Z").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount::ZERO);
    }

    async fn an_offered_plan_runs_once_its_customer_has_said_yes(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        offer(&scene, john, Date::new(2011, 9, 22)).await;
        let me_now = async || me(&scene, john).await;
        assert_eq!(me_now().await.home().await.unwrap().plan, Some(PlanStatus::Offered));
        let shown = acceptance(&me_now().await).await;
        assert_eq!(me_now().await.accept_plan(shown).await.unwrap().unwrap_err(), CannotBegin::NoMethod);
        scene.advance("2011-09-22T00:00:00Z").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount(6050), "nobody has said yes");
        me_now().await.keep_method(1, visa()).await.unwrap();
        let accepted = me_now().await.accept_plan(shown).await.unwrap().unwrap();
        assert_eq!((accepted.status(), accepted.next_payment_on()), (PlanStatus::Active, Some(Date::new(2011, 9, 22))));
        // Said twice it is one yes.
        me_now().await.accept_plan(shown).await.unwrap().unwrap();
        let expected = NextCharge { on: Date::new(2011, 9, 23), amount: Amount(2000) };
        assert_eq!(me_now().await.autopay().await.unwrap().next, Next::Installment(expected));
        scene.advance("2011-09-23T12:00:00Z").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount(4050));
        let seen = me_now().await.plan(None).await.unwrap().unwrap();
        let used: Vec<_> = seen.installments.rows.iter().map(|row| (row.is_used, row.paid.is_some())).collect();
        assert_eq!(used, [(true, true), (false, false), (false, false), (false, false)]);
        let next = Next::Installment(NextCharge { on: Date::new(2011, 9, 29), amount: Amount(2000) });
        assert_eq!(me_now().await.autopay().await.unwrap().next, next);
    }

    async fn an_offer_is_accepted_as_it_was_shown_and_in_time_or_not_at_all(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let me = me(&scene, john).await;
        me.keep_method(1, visa()).await.unwrap();
        offer(&scene, john, Date::new(2011, 9, 22)).await;
        let shown = acceptance(&me).await;
        scene.advance("2011-09-21T12:00:00Z").await.unwrap();
        let dearer = &PaymentPlanRequest { charge_amount: Some(30.into()), ..no_change() };
        scene.billing.unit(scene.org, &Actor::System, async |unit| payment_plans::update(unit, john, dearer).await).await.unwrap();
        assert_eq!(me.accept_plan(shown).await.unwrap().unwrap_err(), CannotBegin::Changed);
        let shown = acceptance(&me).await;
        scene.advance("2011-09-23T12:00:00Z").await.unwrap();
        let late = me.accept_plan(shown).await.unwrap().unwrap_err();
        assert_eq!(late, CannotBegin::Not(CannotAccept::Expired));
        scene.billing.unit(scene.org, &Actor::System, async |unit| payment_plans::disable(unit, john).await).await.unwrap();
        let withdrawn = me.accept_plan(acceptance(&me).await).await.unwrap().unwrap_err();
        assert_eq!(withdrawn, CannotBegin::Not(CannotAccept::NotOffered));
        assert_eq!(me.home().await.unwrap().plan, Some(PlanStatus::Ended));
    }

    async fn quick_pay_opens_for_number_and_exact_balance_only(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        let org = scene.organization("acme").await;
        let begin = async |number: &str, balance: &str| {
            quick_pay::begin(&scene.billing, &org, number, balance).await.unwrap()
        };
        for (number, balance) in [
            ("1019", "60.51"), ("1019", ""), ("1019", "x"), ("1020", "60.50"), ("", "60.50"), ("1019\0", "60.50"),
            (&"1".repeat(65), "60.50"), ("1019", "-60.50"),
        ] {
            assert!(begin(number, balance).await.is_none(), "{number} {balance}");
        }
        for balance in ["60.50", "60,50", "$60.50", "60.5"] {
            assert!(begin("1019", balance).await.is_some(), "{balance}");
        }
        let new = begin("1019", "60.50").await.unwrap();
        let quick_pay::Opened { data, payer, .. } = quick_pay::open(&scene.billing, &org, &new.key).await.unwrap().unwrap();
        assert_eq!((data.is_bound, payer.invoice.id), (false, invoice));
        let checkout = payer.check_out(NewMethod { secret: account(), keep: Some(1) }).await.unwrap();
        let paid = payer.confirm(&checkout).await.unwrap();
        assert_eq!(payer.confirm(&checkout).await.unwrap().head.number, paid.head.number);
        assert_eq!((scene.gateway.charged(), scene.balance(john).await), (Amount(6050), Amount::ZERO));
        assert_eq!(on_file(&me(&scene, john).await).await, Vec::<String>::new(), "nothing is kept");
        assert!(begin("1019", "60.50").await.is_none() && begin("1019", "0").await.is_none(), "it is paid");
        assert!(matches!(payer.check_out(NewMethod { secret: visa(), keep: None }).await, Err(CannotPay::Amount(_))));
        assert_eq!(payer.payment(&paid.head.number).await.unwrap().head.id, paid.head.id);
        scene.advance("2011-09-20T12:21:00Z").await.unwrap();
        let org = scene.organization("acme").await;
        assert!(quick_pay::open(&scene.billing, &org, &new.key).await.unwrap().is_none(), "it is over");
        scene.check().await;
    }

    async fn quick_pay_is_no_way_around_paying_all(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        scene.invoice(john).await;
        let mut org = (*scene.organization("acme").await).clone();
        org.portal.pay_all = true;
        let org = Arc::new(org);
        assert!(quick_pay::begin(&scene.billing, &org, "1019", "60.50").await.unwrap().is_some(), "it is all there is");
        scene.invoice(john).await;
        assert!(quick_pay::begin(&scene.billing, &org, "1019", "60.50").await.unwrap().is_none());
    }
}

fn no_change() -> PaymentPlanRequest {
    PaymentPlanRequest {
        id: None,
        charge_only_if_balance_owed: None,
        charge_amount: None,
        start_on: None,
        total_installments: None,
        frequency_value: None,
        frequency_units: None,
        is_enabled: None,
        is_offered: false,
    }
}
