payment-plan = خطة الدفع
payment-plan-intro = ما عليك لصالح { $merchant } يُدفع على أقساط.
plan-offered = معروضة عليك
plan-completed = مسدَّدة
plan-ended = منتهية
plan-offer-title = يعرض عليك { $merchant } الدفع بالتقسيط
charged-only-if-owed = يُخصم كل قسط في تاريخه من طرقك المسجّلة، ولا يتجاوز أبدًا ما عليك حينها.
charged-always = يُخصم كل قسط في تاريخه من طرقك المسجّلة مهما كان ما عليك، والزائد يصبح رصيدًا لك.
installment = القسط
installments = الأقساط
rhythm = التكرار
first-on = الأول في
last-on = الأخير في
every-days = { $count ->
        [one] كل يوم
        [two] كل يومين
        [few] كل { $count } أيام
        [many] كل { $count } يومًا
       *[other] كل { $count } يوم
    }
every-weeks = { $count ->
        [one] كل أسبوع
        [two] كل أسبوعين
        [few] كل { $count } أسابيع
        [many] كل { $count } أسبوعًا
       *[other] كل { $count } أسبوع
    }
every-months = { $count ->
        [one] كل شهر
        [two] كل شهرين
        [few] كل { $count } أشهر
        [many] كل { $count } شهرًا
       *[other] كل { $count } شهر
    }
every-quarters = { $count ->
        [one] كل ربع سنة
        [two] كل نصف سنة
        [few] كل { $count } أرباع سنة
        [many] كل { $count } ربع سنة
       *[other] كل { $count } ربع سنة
    }
every-years = { $count ->
        [one] كل سنة
        [two] كل سنتين
        [few] كل { $count } سنوات
        [many] كل { $count } سنة
       *[other] كل { $count } سنة
    }
installments-paid = تم { $used } من { $total } قسطًا
next-installment-label = القسط التالي
still-owed = المتبقي عليك
nothing-owed = لم يكن عليك شيء
installment-open = قادم
accept-plan = قبول خطة الدفع
not-now = ليس الآن
plan-accepted = بدأت خطة الدفع
plan-not-begun = لم تبدأ خطة الدفع
plan-changed = تغيّر العرض منذ أن فتحته. يرجى قراءته مرة أخرى.
plan-needs-method = تُخصم من طرقك المسجّلة. احفظ طريقة أولًا.
plan-not-offered = لم يعد هناك عرض لقبوله.
offer-expired = مضى موعد القسط الأول. اطلب من { $merchant } عرضًا جديدًا.
plan-waits = تُعرض عليك خطة دفع
plan-runs = أنت تدفع بالتقسيط
see-offer = عرض التفاصيل
see-payment-plan = عرض خطة الدفع
no-payment-plan = لا توجد خطة دفع
no-payment-plan-text = لا يوجد ما يُدفع على أقساط. إذا اتفق { $merchant } معك على خطة، فستظهر هنا.
