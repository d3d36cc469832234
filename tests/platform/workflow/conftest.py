from tests.platform.workflow.sample import sample_table

__all__ = ["sample_table"]
