package org.strait.launcher.worker;

import java.util.ArrayList;
import java.util.List;
import org.strait.engine.FrugalTrainer;
import org.strait.engine.model.Models;
import org.strait.engine.net.Nets;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.solver.Solvers;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.UserMistake;

/// Which jobs the solvers of convex problems in float64 do, and what those cannot have.
final class ConvexJob {
  /// The solver that sends rows to one data centre and trains there.
  static final String CENTRALIZED = "centralized";

  private ConvexJob() {}

  /// Names of all solvers.
  static List<String> names() {
    List<String> names = new ArrayList<>(Optimizers.NAMES);
    Solvers.NAMES.stream().filter(name -> !names.contains(name)).forEach(names::add);
    names.add(FrugalTrainer.NAME);
    names.add(CENTRALIZED);
    return names;
  }

  /// Models whose minimum the solvers in float64 find wherever rows lie.
  private static final List<String> CONVEX =
      List.of("logistic", "squared-hinge", "squared", "huber", "poisson");

  /// What {@code --solver auto} is, and why in a few words. Where nothing is asked for that only
  /// steps one by one have, it is the solver that ends at the minimum of float64 with the fewest
  /// bytes: {@code frugal} between data centres, {@code tron} in one.
  static Choice auto(Job job) {
    if (job.objective().l1() > 0) {
      return new Choice("owl-qn", "there is an L1 penalty");
    }
    if (Models.FACTORISED.contains(job.objective().model())) {
      return new Choice("adamw", "its factors have no one minimum");
    }
    if (job.method().batch().isPresent() || job.method().local().isPresent()) {
      return new Choice("momentum", "steps take some of the rows");
    }
    boolean oneDc = job.geography().topology().dcs().size() == 1;
    String asks = asksForSteps(job, oneDc);
    if (asks.isEmpty()) {
      return oneDc
          ? new Choice("tron", "one data centre, convex")
          : new Choice(FrugalTrainer.NAME, "fewest bytes, convex with l2 above 0");
    }
    return job.objective().model().equals("poisson")
        ? new Choice("distributed", asks)
        : new Choice("lbfgs", asks);
  }

  /// What a job asks for that solvers in float64 do not have; empty if nothing.
  private static String asksForSteps(Job job, boolean oneDc) {
    String model = job.objective().model();
    if (!CONVEX.contains(model) && !(oneDc && Models.CLASSES.contains(model))) {
      return "model " + model;
    }
    if (!(job.objective().l2() > 0)) {
      return "l2 is 0";
    }
    if (job.reference()) {
      return "--reference compares exchanges";
    }
    if (job.bound().tolerance() == 0 && job.bound().target().isEmpty()) {
      return "--tolerance 0 asks for all rounds";
    }
    if (job.safety().kill().isPresent() || job.safety().rejoin().isPresent()) {
      return "a data centre is to be lost and survived";
    }
    if (job.given().contains(JobKey.QUORUM) && !job.safety().quorum().equals("all")) {
      return "--quorum " + job.safety().quorum() + " survives losses";
    }
    if (job.method().support().equals("on")) {
      return "--support on";
    }
    if (job.method().adapt().on()) {
      return "--adapt";
    }
    if (!job.method().exchange().equals("auto") || job.method().density().isPresent()) {
      return "--exchange says how vectors travel";
    }
    if (!job.method().route().equals("mesh") || job.given().contains(JobKey.ROUTE)) {
      return "--route says how vectors travel";
    }
    return job.geography().topology().gateways() > 1 ? "--gateways" : "";
  }

  /// A solver that was chosen.
  ///
  /// @param why in a few words; empty if the job names it
  record Choice(String solver, String why) {}

  /// Whether a job is done by {@link org.strait.engine.ConvexTrainer} or {@link FrugalTrainer}.
  ///
  /// @throws UserMistake if the job asks for what its solver cannot do
  static boolean is(Job job, String solver) {
    boolean oneDc = job.geography().topology().dcs().size() == 1;
    boolean asked = job.method().solver().equals(solver);
    boolean convex = solver.equals("lbfgs") ? oneDc && asked && plain(job) : holdsTheLoop(solver);
    String model = job.objective().model();
    boolean curved = Models.FACTORISED.contains(model) || Nets.knows(model);
    if (curved && (convex || solver.equals("lbfgs"))) {
      throw new UserMistake(
          "solver " + solver + " is for convex problems, model " + model + " is none",
          "use --solver adamw, momentum, nesterov or sgd");
    }
    if (curved && job.objective().intercept()) {
      throw new UserMistake(
          "--intercept is for linear models, " + model + " has constants of its own",
          "leave it out");
    }
    boolean classes = Models.CLASSES.contains(model);
    if ((classes || job.objective().intercept()) && job.method().support().equals("on")) {
      throw new UserMistake(
          classes
              ? "--support on is for models of one score, this is " + model
              : "--support on does not go with --intercept",
          "leave it out: all features travel then");
    }
    if (classes && solver.equals(FrugalTrainer.NAME)) {
      throw new UserMistake(
          "solver frugal is for models of one score, this is " + model,
          "use --solver lbfgs, distributed or fadl, or in one data centre tron");
    }
    if (!convex && model.equals("poisson")) {
      throw new UserMistake(
          "solver " + solver + " cannot train model poisson", "use --solver distributed or owl-qn");
    }
    if (job.objective().l1() > 0 && !solver.equals("owl-qn")) {
      throw new UserMistake(
          "solver " + solver + " cannot have an L1 penalty", "use --solver owl-qn, or --l1 0");
    }
    if (convex) {
      check(job, solver, oneDc);
    }
    return convex;
  }

  private static boolean holdsTheLoop(String solver) {
    return Solvers.NAMES.contains(solver)
        || solver.equals(FrugalTrainer.NAME)
        || solver.equals(CENTRALIZED);
  }

  /// Whether nothing is asked that only the step-by-step trainer has.
  private static boolean plain(Job job) {
    return job.method().batch().isEmpty();
  }

  private static void check(Job job, String solver, boolean oneDc) {
    if (solver.equals("tron") && !oneDc) {
      throw new UserMistake(
          "solver tron is for one data centre",
          "use --solver distributed, which sums over all of them");
    }
    if (solver.equals(CENTRALIZED)) {
      checkCentralized(job, oneDc);
    } else if (job.method().site().isPresent()) {
      throw new UserMistake(
          "solver " + solver + " sends no rows, but --site is given",
          "leave out --site, or take --solver centralized");
    }
    if (job.method().batch().isPresent()) {
      throw new UserMistake(
          "solver " + solver + " needs all rows in every step, but --batch is given",
          "leave out --batch or take --solver momentum");
    }
    if (job.safety().resume().isPresent() && solver.equals(CENTRALIZED)) {
      throw new UserMistake(
          "solver centralized keeps no checkpoints: nothing can go on from them",
          "leave out --resume");
    }
    if (job.safety().rejoin().isPresent()) {
      throw new UserMistake(
          "solver "
              + solver
              + " needs the rows of all data centres: none can be lost and come back",
          "leave out --rejoin, or take --solver lbfgs");
    }
    boolean frugal = solver.equals(FrugalTrainer.NAME);
    String route = job.method().route();
    boolean served = !frugal && (route.equals("hub") || route.startsWith("hub:"));
    if (!oneDc && !route.equals("mesh") && !served) {
      throw new UserMistake(
          "solver "
              + solver
              + (frugal
                  ? " has a hub of its own"
                  : " sends its vectors from all to all, or through a hub"),
          frugal ? "leave out --route" : "leave out --route, or say --route hub");
    }
    String exchange = job.method().exchange();
    if (!List.of("auto", "dense").contains(exchange) || job.method().density().isPresent()) {
      throw new UserMistake(
          "solver "
              + solver
              + (frugal
                  ? " chooses itself how vectors are rounded"
                  : " sends whole float32 vectors between data centres"),
          "leave out --exchange and --density");
    }
  }

  /// Every launch sees this on its own: each data centre's operator has to agree.
  private static void checkCentralized(Job job, boolean oneDc) {
    if (!oneDc && !job.method().rowsMayLeave()) {
      throw new UserMistake(
          "solver centralized sends the rows of every data centre but one away, and "
              + job.geography().here().map(dc -> dc + " has not agreed").orElse("nobody has agreed")
              + " to that",
          "add --rows-may-leave if they may leave, or use --solver distributed");
    }
    if (job.reference()) {
      throw new UserMistake(
          "solver centralized trains once, on rows that have gone", "leave out --reference");
    }
  }
}
