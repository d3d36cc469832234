"""URLs of warnings and rain."""

from django.urls import path

from bianwang.modules.weather import lists, rain_pages, rates_page, views

app_name = "weather"

urlpatterns = [
    path("", lists.WarningList.as_view(), name="list"),
    path("cap/", views.CapPage.as_view(), name="cap"),
    path("new/", views.TypePage.as_view(), name="new"),
    path("<int:pk>/pass-on/", views.PassOnPage.as_view(), name="pass_on"),
    path("receipts/", lists.ReceiptList.as_view(), name="receipts"),
    *views.ReceiptPage.urls("receipt", "receipts/"),
    path("rates/", rates_page.Rates.as_view(), name="rates"),
    path("gauges/", rain_pages.GaugeList.as_view(), name="gauges"),
    path("gauges/new/", rain_pages.GaugeEntry.as_view(), name="gauge_new"),
    path("gauges/<int:pk>/change/", rain_pages.GaugeEntry.as_view(), name="gauge_change"),
    *rain_pages.GaugePage.urls("gauge", "gauges/"),
    path("hints/", lists.HintList.as_view(), name="hints"),
    *rain_pages.HintPage.urls("hint", "hints/"),
    *views.WarningPage.urls("detail"),
]
