//! Reading plans (`api.md` §3).

use testkit::organization::ACME;

/// A plan of everything that may be said of one.
const EVERYTHING: &str = r#"
[[organization.product]]
name = "Hosting"
sku = "HOST-1"
notes = "Racks & wires"

[[organization.plan]]
contract_code = "LEASE"
name = "Lease"
product = "Hosting"
notes = "In twelve parts"
start_date = "2011-01-01"
end_date = "2012-12-31"
billing_period = "Monthly"
due_date_value = 2
due_date_units = "Weeks"
initial_term_value = 1
initial_term_units = "Years"
renewal_term_value = 6
renewal_term_units = "Months"
order_type = "Installment"
number_of_installments = 12
interest_rate = "4.25"
fixed_charges_reduce_payoff = true
accounting_code = "4712"
use_accounting_code_for_each_installment = true
linked_contract_offering = "FIXED-10"

[[organization.plan.charge]]
price_code = "SHARE"
notes = "Of the turnover"
charge_type = "RecurringCharge"
pricing_type = "VolumePricing"
min_quantity = 1
standard_quantity = 2
max_quantity = "99.5"
is_penalty = true
tax_codes = ["full"]
tiers = [ { units_from = 0, units_to = 10, percent = "2.9", currency = "USD" }, { units_from = 11, price = "7", currency = "USD" } ]
"#;

on_both! {
    async fn a_plan_is_read_by_id_and_by_code_under_every_prefix(server: Server) {
        let plan = server.get("/rest/plan?contractCode=WHITE-LBL-A&format=xml").gives(200).await;
        assert_eq!(plan.0.name, "contractOffering");
        plan.has(&[
            ("name", "White label A"),
            ("contractCode", "WHITE-LBL-A"),
            ("invoiceText", "White label hosting"),
            ("billingAlignment", "NextBillingPeriod"),
            ("billingPeriod", "Monthly"),
            ("dueDateValue", "0"),
            ("dueDateUnits", "Days"),
            ("isAutoRenew", "true"),
            ("orderType", "Subscription"),
            ("startDate", ""),
            ("initialTermValue", ""),
            ("numberOfInstallments", ""),
        ]);
        let charges = "contractCharges/contractCharge";
        assert_eq!(plan.all(&format!("{charges}/priceCode")), ["MNTHLY", "PAGES"]);
        assert_eq!(plan.all(&format!("{charges}/chargeType")), ["RecurringCharge", "UsageCharge"]);
        assert_eq!(plan.all(&format!("{charges}/pricingType")), ["FlatPricing", "TieredPricing"]);
        assert_eq!(plan.all(&format!("{charges}/isMandatory")), ["true", "false"]);
        let tiers = format!("{charges}/pricingTiers/pricingTier");
        assert_eq!(plan.all(&format!("{tiers}/price")), ["165.00", "0.00", "1.65"]);
        assert_eq!(plan.all(&format!("{tiers}/unitsTo")), ["", "100.0", ""]);
        assert_eq!(plan.all(&format!("{tiers}/isOverage")), ["false", "false", "true"]);
        let id = plan.id();
        for path in [
            format!("/rest/plan/{id}"), format!("/rest_v1/plan/{id}/"), format!("/plan/{id}"),
            format!("/plan/{id}?contractCode=WHITE-LBL-A"), "/plan?contractCode=%20WHITE-LBL-A".to_owned(),
        ] {
            assert_eq!(server.get(&path).gives(200).await.id(), id, "{path}");
        }
    }

    async fn a_plan_shows_everything_that_is_said_of_it(server: Server) {
        server.seed(&ACME.replace("[[organization.overdue_rule]]", &format!("{EVERYTHING}\n[[organization.overdue_rule]]"))).await;
        let plan = server.get("/rest/plan?contractCode=LEASE").gives(200).await;
        let charge = "contractCharges/contractCharge";
        plan.has(&[
            ("notes", "In twelve parts"),
            ("startDate", "2011-01-01"),
            ("endDate", "2012-12-31"),
            ("dueDateValue", "2"),
            ("dueDateUnits", "Weeks"),
            ("initialTermValue", "1"),
            ("initialTermUnits", "Years"),
            ("renewalTermValue", "6"),
            ("renewalTermUnits", "Months"),
            ("orderType", "Installment"),
            ("numberOfInstallments", "12"),
            ("interestRate", "4.25"),
            ("fixedChargesReducePayoff", "true"),
            ("accountingCode", "4712"),
            ("useAccountingCodeForEachInstallment", "true"),
            ("linkedContractOffering", "FIXED-10"),
            (&format!("{charge}/notes"), "Of the turnover"),
            (&format!("{charge}/minQuantity"), "1.0"),
            (&format!("{charge}/standardQuantity"), "2.0"),
            (&format!("{charge}/maxQuantity"), "99.5"),
            (&format!("{charge}/isPenalty"), "true"),
            (&format!("{charge}/isTax"), "false"),
            (&format!("{charge}/taxCodes/taxCode"), "full"),
        ]);
        let tier = format!("{charge}/pricingTiers/pricingTier");
        assert_eq!(plan.all(&format!("{tier}/percent")), ["2.9", ""]);
        assert_eq!(plan.all(&format!("{tier}/price")), ["", "7.00"]);
        assert_eq!(plan.all(&format!("{tier}/currency/@id")), ["USD", "USD"]);
    }

    async fn plans_are_listed_in_pages_with_their_charges_or_without(server: Server) {
        let answer = server.get("/rest/plans").send().await;
        let xml = answer.xml(200);
        assert_eq!((xml.0.name.as_str(), xml.all("contractOffering/contractCode").len()), ("list", 2));
        assert_eq!(xml.count("contractOffering/contractCharges/contractCharge"), 4);
        let headers = ["x-total-count", "x-offset", "x-max"].map(|name| answer.header(name));
        assert_eq!(headers, ["2", "0", "50"]);
        for exclude in ["1", "true"] {
            let xml = server.get(&format!("/plans/?excludeCharges={exclude}&offset=1&max=1")).gives(200).await;
            assert_eq!((xml.count("contractOffering"), xml.count("contractOffering/contractCharges")), (1, 0));
        }
        let xml = server.get("/rest_v1/plan?contractCode=FIXED-10&excludeCharges=1").gives(200).await;
        assert_eq!(xml.count("contractCharges"), 0);
        assert_eq!(server.get("/rest/plans?max=0").gives(200).await.count("contractOffering"), 0);
        assert_eq!(server.get("/rest/plans?offset=9").gives(200).await.count("contractOffering"), 0);
    }

    async fn a_bad_question_for_a_plan_is_refused(server: Server) {
        let id = server.get("/rest/plan?contractCode=FIXED-10").gives(200).await.id();
        for (status, path) in [
            (404, "/rest/plan/999999".to_owned()),
            (404, "/rest/plan/abc".to_owned()),
            (404, "/rest/plan?contractCode=fixed-10".to_owned()),
            (400, "/rest/plan".to_owned()),
            (400, format!("/rest/plan/{id}?contractCode=WHITE-LBL-A")),
            (400, "/rest/plan?contractCode=FIXED-10&excludeCharges=maybe".to_owned()),
            (400, "/rest/plan?contractCode=FIXED-10&format=pdf".to_owned()),
            (400, "/rest/plans?max=-1".to_owned()),
            (400, "/rest/plans?offset=x".to_owned()),
        ] {
            server.refuses(status, server.get(&path)).await;
        }
    }

    async fn plans_are_read_only(server: Server) {
        for path in ["/rest/plan", "/rest/plan/1", "/rest/plans"] {
            for method in ["POST", "PUT", "DELETE"] {
                let answer = server.call(method, path).body("<contractOffering/>").send().await;
                assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD".to_owned()), "{method} {path}");
            }
        }
    }
}
