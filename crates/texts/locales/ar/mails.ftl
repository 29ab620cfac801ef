mail-hello = مرحباً { $name }،
mail-open-account = فتح حسابك
mail-why = تصلكم هذه الرسالة لأنكم من عملاء { $merchant }.
mail-invoice = تجدون فاتورتكم مرفقة بصيغة PDF.
mail-order = شكراً لطلبكم. هذا ما سجّلناه.
mail-payment = لقد استلمنا دفعتكم. شكراً لكم.
mail-amount-received = المبلغ المستلم
mail-nothing-left = لم يبقَ شيء للدفع
