"""Peer: what one writes in an afternoon: inline extraction, a commit an item."""

import sys
from datetime import UTC, datetime

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from sqlalchemy import DateTime, Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "row"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text, index=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


engine = create_engine("sqlite:///" + sys.argv[2] + "/toy.db")
Base.metadata.create_all(engine)


class Store:
    def process_item(self, item):
        with Session(engine) as session:
            session.add(Row(**item))
            session.commit()
        return item


class Toy(scrapy.Spider):
    name = "toy"
    start_urls = [sys.argv[1] + f"/section-{n}/" for n in range(10)]  # noqa: RUF012 - Scrapy's way

    def parse(self, response):
        for href in response.css("li a::attr(href)").getall():
            yield response.follow(href, self.page)
        for href in response.css("a.next::attr(href)").getall():
            yield response.follow(href, self.parse)

    def page(self, response):
        document = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        yield {
            "url": response.url,
            "at": datetime.now(UTC),
            "html": response.text,
            "text": document.text if document else "",
        }


process = CrawlerProcess(
    {
        "LOG_LEVEL": "ERROR",
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "ITEM_PIPELINES": {Store: 1},
    }
)
process.crawl(Toy)
process.start()
