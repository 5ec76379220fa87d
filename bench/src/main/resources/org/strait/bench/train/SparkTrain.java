// FILE FEATURES L2 THREADS TOL OUT: logistic regression without intercept; weights as float64.

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

public class SparkTrain {
  public static void main(String[] args) throws Exception {
    SparkSession session =
        SparkSession.builder()
            .master("local[" + args[3] + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    session.sparkContext().setLogLevel("ERROR");
    Dataset<Row> rows =
        session
            .read()
            .format("libsvm")
            .option("numFeatures", args[1])
            .load(args[0])
            .withColumn("label", functions.expr("case when label > 0 then 1.0 else 0.0 end"))
            .persist(StorageLevel.MEMORY_ONLY());
    double[] weights =
        new LogisticRegression()
            .setRegParam(Double.parseDouble(args[2]))
            .setElasticNetParam(0)
            .setStandardization(false)
            .setFitIntercept(false)
            .setFamily("binomial")
            .setMaxIter(2000)
            .setTol(Double.parseDouble(args[4]))
            .fit(rows)
            .coefficients()
            .toArray();
    ByteBuffer bytes = ByteBuffer.allocate(8 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(weights);
    Files.write(Path.of(args[5]), bytes.array());
    session.stop();
  }
}
