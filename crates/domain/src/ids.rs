//! One type per kind of id. All are integers on the wire, unique in the whole database, below 2^53.

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    )+};
}

id! {
    OrganizationId,
    StaffId,
    CustomerId,
    ContactId,
    AddressId,
    ProductId,
    PlanId,
    PlanVersionId,
    ChargeId,
    TierId,
    OrderId,
    OrderLineId,
    ActivityId,
    ActivityBatchId,
    InvoiceId,
    InvoiceLineId,
    InvoiceChargeId,
    PaymentId,
    PaymentMethodId,
    AllocationId,
    ProcessorResultId,
    PaymentPlanId,
    MailId,
    SsoLinkId,
    SessionId,
    PasskeyId,
    ForgottenId,
    JobId,
    EventId,
    TransitionId,
}
