package dev.campfire.realtime.benchmarks.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

final class SheetTest {

    private final Report report = new Report("some");

    @Test
    void has_a_bar_and_a_spread_for_each_subject() throws Exception {
        report.measured("rate", "service", 1, 2, 3);
        report.measured("rate", "reader", 4);

        Document sheet = drawn();

        assertThat(elements(sheet, "rect", "rx").getLength()).isEqualTo(2);
        assertThat(text(sheet)).contains("rate", "service", "reader", "2", "4");
    }

    @Test
    void has_a_line_through_the_points_of_each_subject() throws Exception {
        report.measuredAt("deliveries/s", "subscribers", "service", 100, 1, 2);
        report.measuredAt("deliveries/s", "subscribers", "service", 1_000, 3);
        report.measuredAt("deliveries/s", "subscribers", "peer", 100, 1);

        Document sheet = drawn();

        NodeList lines = sheet.getElementsByTagName("polyline");
        assertThat(lines.getLength()).isEqualTo(2);
        assertThat(lines.item(0)
                        .getAttributes()
                        .getNamedItem("points")
                        .getNodeValue()
                        .split(" "))
                .hasSize(2);
        assertThat(sheet.getElementsByTagName("circle").getLength()).isEqualTo(3);
        assertThat(text(sheet)).contains("subscribers", "100", "1,000");
    }

    @Test
    void says_which_figures_were_missed_and_what_must_be_known() throws Exception {
        report.add(Figure.atMost("latency", 3, 2, "ms"));
        report.note("the client was <busy> & \"late\"");

        assertThat(text(drawn())).contains("MISSED latency: 3.00 ms", "note: the client was <busy> & \"late\"");
    }

    @Test
    void leaves_out_what_has_no_numbers() throws Exception {
        report.measured("rate", "service");

        assertThat(text(drawn())).doesNotContain("rate");
    }

    @Test
    void is_written_where_it_is_wanted(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("new/plot.svg");

        Sheet.of(report).write(file);

        assertThat(Files.readString(file)).startsWith("<svg").endsWith("</svg>\n");
    }

    private Document drawn() throws Exception {
        byte[] svg = Sheet.of(report).svg().getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
    }

    private static NodeList elements(Document sheet, String name, String attribute) throws Exception {
        return (NodeList) javax.xml.xpath.XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                        "//*[local-name()='" + name + "'][@" + attribute + "]",
                        sheet,
                        javax.xml.xpath.XPathConstants.NODESET);
    }

    private static String text(Document sheet) {
        StringBuilder text = new StringBuilder();
        NodeList all = sheet.getElementsByTagName("text");
        for (int i = 0; i < all.getLength(); i++) {
            text.append(all.item(i).getTextContent()).append('\n');
        }
        return text.toString();
    }
}
