session-warning-title = هل ما زلت هنا؟
session-warning-text = حرصًا على أمانك سيتم تسجيل خروجك خلال أقل من دقيقتين.
session-final-text = لا يمكن تمديد هذه الجلسة أكثر من ذلك. يُرجى إنهاء ما تقوم به.
stay-signed-in = البقاء مسجَّل الدخول
token-wrong-title = لا يمكننا السماح لك بالدخول بهذه الطريقة
token-wrong-text = طلبت الصفحة التي أتيت منها أمرًا غير ممكن. يُرجى إبلاغ { $merchant } بما يلي:
