section-customer = お客様
section-customer-text = { $merchant }に登録されている情報です。
billing-contact = 請求先担当者
billing-contact-text = 請求書と領収書の送付先です。
field-name = 名前
field-email = メールアドレス
field-address = 住所
customer-since = ご利用開始日
