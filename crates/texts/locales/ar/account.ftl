section-customer = العميل
section-customer-text = كما يعرفك { $merchant }.
billing-contact = جهة اتصال الفوترة
billing-contact-text = حيث تُرسل الفواتير والإيصالات.
field-name = الاسم
field-email = البريد الإلكتروني
field-address = العنوان
customer-since = عميل منذ
