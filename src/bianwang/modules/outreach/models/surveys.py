"""Surveys of the public and their answers. Of whoever answers, nothing is kept but the answers and the day."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.outreach.questionnaire import Question, parse
from bianwang.modules.outreach.sampling import needed
from bianwang.modules.outreach.workflow import SURVEY
from bianwang.platform.clock import today
from bianwang.platform.workflow.models import WorkflowMixin


class Survey(WorkflowMixin):
    """One survey; its questions do not change once it is open."""

    workflow = SURVEY

    title = models.CharField("名称", max_length=80, unique=True)
    token = models.CharField("公开链接", max_length=40, unique=True)
    """Unguessable; whoever has the link may answer."""
    questions = models.TextField("题目", max_length=20_000)
    """As `questionnaire.parse` reads them."""
    target = models.CharField("调查对象", max_length=100)
    population = models.PositiveIntegerField("对象总人数", null=True, blank=True)
    """Empty: very many."""
    margin = models.DecimalField(
        "允许误差",
        max_digits=4,
        decimal_places=3,
        validators=[MinValueValidator(0.01), MaxValueValidator(0.2)],
    )
    pass_share = models.DecimalField(
        "知晓标准", max_digits=3, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    level = models.DecimalField(
        "满意标准", max_digits=3, decimal_places=2, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    closes_on = models.DateField("截止日期", db_index=True)
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="调查单位")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "问卷调查"
        db_table = "outreach_survey"
        ordering = ["-closes_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outreach:survey", args=[self.pk])

    def get_public_url(self) -> str:
        """Where anybody answers."""
        return reverse("outreach:answer", args=[self.token])

    @property
    def parsed(self) -> tuple[Question, ...]:
        """The questions."""
        return parse(self.questions)

    @property
    def needed(self) -> int:
        """How many answers a result needs."""
        return needed(float(self.margin), self.population)

    @property
    def takes_answers(self) -> bool:
        """Whether somebody may answer today."""
        return self.state == "open" and today() <= self.closes_on


class Answer(models.Model):
    """One answer, on the public page or on paper. `key` keeps it from being entered twice."""

    class Source(models.TextChoices):
        ONLINE = "online", "链接"
        PAPER = "paper", "纸质"

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers", verbose_name="问卷调查")
    key = models.CharField("答卷编号", max_length=60)
    """The page's one-time number, or the number on the sheet."""
    source = models.CharField("来源", max_length=8, choices=Source.choices)
    day = models.DateField("答卷日期")
    """The day only: a moment could be held against a log."""
    chosen = models.CharField("答案", max_length=200)
    """Numbers of the options, with commas."""
    knows = models.BooleanField("知晓", null=True)
    satisfied = models.BooleanField("满意", null=True)

    access_path = "survey__owner"

    class Meta:
        verbose_name = "答卷"
        db_table = "outreach_answer"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "source", "key"], name="outreach_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}号问卷答卷 {self.pk}"

    @property
    def choices(self) -> tuple[int, ...]:
        """Numbers of the options."""
        return tuple(int(part) for part in self.chosen.split(","))
